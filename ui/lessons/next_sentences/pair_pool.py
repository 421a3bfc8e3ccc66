"""Pairs of sentences to judge, written for this app: whether the second followed the first in what we wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from ui.i18n import N_

Kind = Literal["next", "leap", "turned", "random"]

KINDS: Mapping[Kind, str] = {
    "next": N_("neighbours"),
    "leap": N_("neighbours with a leap"),
    "turned": N_("same text, wrong order"),
    "random": N_("from two texts"),
}
DRAWN: Mapping[Kind, int] = {"next": 3, "leap": 2, "turned": 3, "random": 2}
"""How many of each kind are drawn: five that follow, five that do not."""


@dataclass(frozen=True)
class JudgedPair:
    """Two sentences of ours."""

    first: str
    then: str
    kind: Kind

    @property
    def follows(self) -> bool:
        """Whether `then` came straight after `first` in the text that we wrote."""
        return self.kind in ("next", "leap")


_TEXTS: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    # The second takes up a word of the first, or points back at it.
    "next": (
        ("The telephone rang in the middle of the night.", "My father got up and answered it."),
        ("Lena found a wallet on the bus.", "She gave the wallet to the driver."),
        ("The river rose after three days of rain.", "By Sunday the water had reached the first houses."),
        ("Our neighbour keeps bees in her garden.", "Every autumn she gives us a jar of their honey."),
        ("The baker opens his shop at six.", "By seven there is a long queue in front of the shop."),
        ("Tom forgot his umbrella at the office.", "So he walked home in the rain without it."),
        ("The cat jumped onto the kitchen table.", "There it found a plate of fish."),
        ("The museum has bought a new painting.", "It hangs in the great hall on the first floor."),
        ("My brother is learning to play the trumpet.", "The whole street can hear him play."),
        ("The bridge was closed for repairs.", "All cars had to take the ferry instead."),
        ("They planned to climb the mountain in one day.", "But a storm forced them to turn back."),
        ("A stranger asked me the way to the station.", "I told him to turn left at the church."),
    ),
    # What links the two is not said: it has to be thought of.
    "leap": (
        ("It had snowed all night.", "No bus came, and the children cheered."),
        ("The last guest had gone.", "Eva sank into an armchair and closed her eyes."),
        ("Suddenly all the lamps went out.", "Grandpa felt his way to the drawer with the candles."),
        ("He had not slept for two days.", "The letters danced before his eyes."),
        ("The judge read out the verdict.", "A woman in the back row wept for joy."),
        ("We had run out of petrol.", "My uncle began to walk towards the next village."),
        ("The vase lay in pieces on the floor.", "Neither of the twins dared to look up."),
        ("The final whistle blew.", "Thousands of people threw their scarves into the air."),
        ("The ship had been at sea for forty days.", "When a gull appeared, the men knew what it meant."),
        ("My tooth hurt more and more.", "On Monday I could not put it off any longer."),
        ("The speaker went on and on.", "Someone in the third row had begun to snore."),
        ("Her application had been turned down again.", "She tore up the paper and put on her running shoes."),
    ),
    # What happened later comes first.
    "turned": (
        ("At last the plane touched down in Rome.", "The passengers fastened their belts for take-off."),
        ("The girl blew out all the candles at once.", "Her mother lit nine candles on the cake."),
        ("The movers carried the last box up the stairs.", "The movers rang at eight and began with the boxes."),
        ("The goalkeeper lay in the grass, beaten.", "The striker took three steps back and looked at the goal."),
        ("He hung the clean shirts on the line.", "He put the dirty shirts into the washing machine."),
        ("After six weeks the doctor took off the plaster.", "He slipped on the ice and broke his arm."),
        ("When the egg had cooled, she peeled it.", "She laid an egg into the boiling water."),
        ("The curtain fell, and everybody clapped.", "The lights went down, and the first actor came on stage."),
        ("In the end they bought the red car.", "They looked at three cars in the showroom."),
        ("The fire was out, and the men rolled up the hoses.", "Somebody saw smoke above the roof."),
        ("He paid the bill and left a coin for the waiter.", "The waiter brought him the menu."),
        ("One morning it had become a butterfly.", "The caterpillar ate leaves all day and grew fat."),
    ),
    # The second is the beginning of another text.
    "random": (
        ("The farmer drove his tractor across the field.", "In chess the queen may move in any direction."),
        ("She tuned her violin before the concert.", "The glacier has lost half of its ice."),
        ("Our train stopped in the middle of a tunnel.", "Add two eggs and stir until the batter is smooth."),
        ("The dentist asked me to open my mouth.", "The castle was built in the twelfth century."),
        ("We pitched our tent beside the lake.", "The bank lowered its interest rate by a quarter."),
        ("The parrot can say twenty words.", "Please switch off the printer before you leave."),
        ("He lost the election by eleven votes.", "Whales can hold their breath for more than an hour."),
        ("The tailor measured the length of the sleeves.", "Tomorrow there will be fog along the coast."),
        ("A rocket lifted off from the desert.", "The librarian stamped the book and smiled."),
        ("Grandmother knitted a pair of grey socks.", "The two companies signed the contract in Geneva."),
        ("The referee showed him a yellow card.", "Mushrooms like damp places under old trees."),
        ("The tap in the bathroom had been dripping for weeks.", "The orchestra will play three pieces by Haydn."),
    ),
}

POOL = tuple(JudgedPair(first, then, kind) for kind, pairs in _TEXTS.items() for first, then in pairs)


def draw(seed: int) -> tuple[JudgedPair, ...]:
    """Ten pairs, as many of each kind as `DRAWN` says, in an order of chance; a seed always draws the same."""
    chance = Random(seed)
    drawn = [
        pair
        for kind, count in DRAWN.items()
        for pair in chance.sample([pair for pair in POOL if pair.kind == kind], count)
    ]
    chance.shuffle(drawn)
    return tuple(drawn)
