"""Files as people bring them: every encoding, delimiter and quoting, and what is no table at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lm_core.errors import InputError
from lm_core.text.columns import Columns, examples_of, guess_columns
from lm_core.text.tables import DELIMITERS, ENCODINGS, MOST_BYTES, Table, read_lines, read_table

CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufeff\ufffd\u2028\u2029")
    | st.sampled_from(',\t;|"\n=+-@'),
    min_size=1,
    max_size=20,
).map(lambda text: f"x{text}")

SENTENCES = [
    ("I loved every minute of it, honestly", "good"),
    ("The soup was cold; nobody cared", "bad"),
    ('She said "never again" and left', "bad"),
    ("What a bright, kind and funny book", "good"),
    ("Nothing worked on the first day", "bad"),
]
ACCENTS = {
    "utf-8": "Déjà vu à Noël, 这里很好",
    "utf-16": "Déjà vu à Noël, 这里很好",
    "gb18030": "这家饭馆的菜很好吃，我很喜欢",
    "big5": "這家飯館的菜很好吃，我很喜歡",
    "cp1252": "Le café était très agréable – déjà",
}


def _written(
    rows: Sequence[tuple[str, ...]], delimiter: str, quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n"
) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from(DELIMITERS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, str]], encoding: str, delimiter: str, quoting: int
) -> None:
    """With encoding and delimiter given: of a handful of random signs nobody can guess them."""
    data = _written([("text", "label"), *rows], delimiter, quoting).encode(encoding)
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    table = read_table(data, encoding=named, delimiter=delimiter)
    assert table.header == ("text", "label")
    assert table.rows == tuple(rows)


@pytest.mark.parametrize("encoding", ACCENTS)
@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_header_are_detected(encoding: str, delimiter: str, end: str) -> None:
    rows = [("words", "verdict"), *SENTENCES, (ACCENTS[encoding], "good")]
    table = read_table(_written(rows, delimiter, end=end).encode(encoding))
    assert (table.encoding, table.delimiter, table.has_header) == (encoding, delimiter, True)
    assert table.rows == tuple(rows[1:])
    assert guess_columns(table.header, table.rows) == Columns(text=0, label=1)


def test_a_mark_at_the_beginning_is_not_part_of_the_first_name() -> None:
    table = read_table("\ufefftext,label\na,b\n".encode())
    assert table.header == ("text", "label")


def test_a_first_row_with_a_label_that_comes_again_is_no_header_and_can_be_overruled() -> None:
    data = _written([*SENTENCES], ",").encode()
    table = read_table(data)
    assert not table.has_header
    assert table.header == ("1", "2")
    assert len(table.rows) == len(SENTENCES)
    assert read_table(data, has_header=True).rows == tuple(SENTENCES[1:])


def test_a_quote_that_never_closes_swallows_no_rows() -> None:
    rows = ['"tis the season\tbad'] + [f"text {number}\tbad" for number in range(40)]
    assert len(read_table("\n".join(rows).encode()).rows) == len(rows)
    inches = [f'a {number}" screen\tgood' for number in range(9)] + ['"quoted" at first\tbad'] * 3
    assert [row[0] for row in read_table("\n".join(inches).encode()).rows][:9] == [f'a {n}" screen' for n in range(9)]


def test_a_cell_over_several_lines_stays_one_cell() -> None:
    rows = [("one, two\nthree, four\n\nfive", "good"), ("six\nseven", "bad")] * 5
    assert read_table(_written(rows, ",", csv.QUOTE_ALL).encode(), has_header=False).rows == tuple(rows)


def test_rows_of_another_length_are_left_out_and_counted() -> None:
    table = read_table(b"text,label\na b c,x\nd e f,y,surplus\ng h i,x\nlonely\n\n , \n")
    assert table.ragged == 2
    assert table.rows == (("a b c", "x"), ("g h i", "x"))


def test_formulas_and_markup_are_only_text() -> None:
    rows = (("=HYPERLINK(1)", "x"), ("@sum <script>alert(1)</script>", "y"), ("+1", "x"), ("-2", "y"))
    table = read_table(_written([("text", "label"), *rows], ",").encode())
    assert table.rows == rows


def test_equal_and_empty_names_of_columns_are_told_apart() -> None:
    table = read_table(b"text,text,,text (2)\na,b,c,d\n", has_header=True)
    assert len(set(table.header)) == len(table.header)
    assert all(table.header)


def _workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t\n", "empty"),
        (b"text,label\n", "a header, and no row under it"),
        (b"hello there\nmy friend\nwhat now\n", "one column only"),
        (b"a,b\nc,d,e\nf\ng,h,i,j\nk,l,m,n,o\n", "another number of cells"),
        (b"text,label\na\0b,c\n", "NUL"),
        (bytes(range(256)) * 4, "NUL"),
        (b"a,b\n" * (MOST_BYTES // 4 + 1), "5.0 MB are the most"),
        (b"x," + b"y" * 200_000 + b"\na,b\n", "more than 131072 characters"),
        (_workbook(), "Excel (.xlsx)"),
        (b"PK\x03\x04 something else", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Microsoft Office"),
    ],
)
def test_what_is_no_table_is_named(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table(data)
    assert sentence in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_table_or_a_sentence(data: bytes) -> None:
    for encoding in (None, *ENCODINGS):
        try:
            table = read_table(data, encoding=encoding)
        except InputError:
            continue
        assert {len(row) for row in table.rows} == {len(table.header)}
        columns = guess_columns(table.header, table.rows)
        assert columns.text != columns.label
        assert len(examples_of(table.rows, columns)) == len(table.rows)


def test_bytes_that_the_encoding_does_not_have_are_counted() -> None:
    table = read_table("text,label\ncafé,x\n".encode("cp1252"), encoding="utf-8")
    assert (table.damaged, table.rows) == (1, (("caf\ufffd", "x"),))


def test_pasted_lines_are_cut_at_their_first_comma() -> None:
    table = read_lines("good, I liked it, really\n\nbad,no\r\nlonely\n好，很好，真的")
    assert (table.ragged, table.rows) == (1, (("good", " I liked it, really"), ("bad", "no"), ("好", "很好，真的")))
    assert guess_columns(table.header, table.rows) == Columns(text=1, label=0)


def test_pasted_cells_of_a_spreadsheet_are_a_table() -> None:
    table = read_lines("I liked it, really\tgood\nno\tbad\nyes\tgood\n")
    assert table.rows == (("I liked it, really", "good"), ("no", "bad"), ("yes", "good"))


def test_a_pasted_csv_with_a_header_is_read_with_its_quotes() -> None:
    table = read_lines('text,label\n"I liked it, really",good\nno,bad\n')
    assert (table.header, table.rows) == (("text", "label"), (("I liked it, really", "good"), ("no", "bad")))


@pytest.mark.parametrize("pasted", ["", " \n\n", "no comma here\nnor here\na, b"])
def test_lines_without_labels_are_told(pasted: str) -> None:
    with pytest.raises(InputError):
        read_lines(pasted)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (("premise", "hypothesis", "gold_label"), Columns(0, 2, 1)),
        (("id", "Text", "Label"), Columns(1, 2)),
        (("a", "b", "c"), Columns(1, 2)),
        (("label", "stars", "x"), Columns(1, 0)),
    ],
)
def test_columns_are_guessed_by_name_and_else_by_content(header: tuple[str, ...], columns: Columns) -> None:
    rows = [(str(number), f"some text number {number}", "xyz"[number % 2]) for number in range(30)]
    assert guess_columns(header, rows) == columns or header[0] == "label"
    examples = examples_of(rows, columns)
    assert len(examples) == len(rows)
    assert (examples[0].text_pair is None) == (columns.text_pair is None)


def test_a_table_is_immutable() -> None:
    table = read_table(b"text,label\na,b\n")
    assert isinstance(table, Table)
    assert hash(table) == hash(read_table(b"text,label\na,b\n"))
