"""What the reader looks at: the address, the session beside it, entries that write it, and what a link hides.

It knows no lesson: what a lesson keeps is had by `session().kept`.
"""
