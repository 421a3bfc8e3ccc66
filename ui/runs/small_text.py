"""The class text: a small story, written for this app, whose words and turns of phrase come back so that they count."""

from __future__ import annotations

SMALL_TEXT = """\
Anna has a dog. The dog is called Max. Max is a small brown dog, and he likes to run. Every morning Anna and Max go \
to the park. The park is near the river. In the park there is a big tree, and under the tree there is a bench.

Every morning Anna sits on the bench under the big tree. Max runs to the river. He runs to the river, and then he \
runs back to the tree. Anna throws a ball. The dog runs after the ball and brings the ball back to Anna. She throws \
the ball again, and the dog runs after the ball again. Max likes the ball.

Ben has a cat. The cat is called Mia. Mia is a small grey cat, and she likes to sleep. Every morning Mia sits on \
the wall near the house. She sits on the wall in the sun and looks at the street. Ben goes to school, and the cat \
looks at the street. Ben comes back from school, and the cat sits on the wall. In the evening Mia sleeps on the \
bed.

One morning the dog ran to the house. Mia sat on the wall. Max looked at the cat, and the cat looked at the dog. \
The dog ran to the wall. The cat ran to the tree. The dog ran after the cat, and Anna ran after the dog. "Come \
back, Max," said Anna. Max did not come back. Mia sat in the tree and looked at the dog. Max sat under the tree and \
looked at the cat.

Ben came out of the house. "The cat is in the tree," said Anna. "The dog is under the tree," said Ben. "What do we \
do now?" Anna had a ball in her bag. She threw the ball to the river. Max looked at the ball. He looked at the cat. \
Then the dog ran after the ball, and the cat came down from the tree. Mia ran to the house and sat on the wall. Ben \
was happy. Anna was happy, too.

After school Anna and Ben went to the park. They sat on the bench under the big tree and ate bread and cheese. Max \
sat under the bench and looked at the cheese. "The dog likes cheese," said Ben. Anna gave the dog some bread. Max \
looked at the bread, and then he looked at the cheese. Ben gave the dog some cheese. Max was happy.

It was cold in the evening. The children went back to the house. It was dark, and there was a light in the window. \
Mia sat in the window and looked at the street. In the house it was warm. Ben made some tea, and Anna read a book. \
The dog lay near the door, and the cat lay on the bed. Max looked at the cat. The cat looked at the dog. Then the \
dog closed his eyes, and the cat closed her eyes, too.

In the winter there was snow in the park. The river was cold, and the big tree was white. Every morning the \
children went to school in the snow. The dog likes snow. The cat does not like snow. Mia sat in the window and \
looked at the snow. Max ran to the park and ran back to the house. He was cold, and he was happy. In the evening \
the dog lay near the cat, and the cat did not run to the tree. The dog was warm, and the cat was warm, too. "Look," \
said Anna, "the dog likes the cat." "And the cat likes the dog," said Ben.
"""
