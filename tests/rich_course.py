"""The tiny course with one of everything: a lesson to read, every kind of exercise, a conversation that may be
read instead of played, a lesson nobody has to do, and a test with a critical question and more than is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

TINY = Path(__file__).parent / "data" / "tiny-course"

READING = """---
id: m1-l3
slug: lezen
title: Iets om te lezen
minutes: 3
route: kern
---

Lees dit en ga verder.
"""

KINDS = """---
id: m1-l4
slug: alle-soorten
title: Alle soorten
minutes: 5
route: verdieping
---

Van elke soort een.

```exercise
id: x-multiple
kind: multiple
question: "Wat klopt?"
options:
  - {id: a, text: "Zwijgen helpt", correct: true, feedback: "Uitleg bij zwijgen."}
  - {id: b, text: "Raden helpt", correct: false, feedback: "Uitleg bij raden."}
  - {id: c, text: "Wachten helpt", correct: true, feedback: "Uitleg bij wachten."}
```

```exercise
id: x-classify
kind: classify
question: "Open of gesloten?"
labels:
  - {id: open, text: "Open"}
  - {id: dicht, text: "Gesloten"}
items:
  - {id: i1, text: "Hoe was het?", label: open, feedback: "Uitleg bij hoe."}
  - {id: i2, text: "Was het leuk?", label: dicht, feedback: "Uitleg bij leuk."}
```

```exercise
id: x-match
kind: match
question: "Wat hoort samen?"
right:
  - {id: r1, text: "Begin"}
  - {id: r2, text: "Midden"}
  - {id: r3, text: "Einde"}
pairs:
  - {id: p1, left: "Check-in", accept: [r1], feedback: "Uitleg bij check-in."}
  - {id: p2, left: "Check-out", accept: [r3], feedback: "Uitleg bij check-out."}
```

```exercise
id: x-order
kind: order
question: "Wat eerst?"
feedback: "Uitleg over het geheel."
items:
  - {id: s1, text: "Luisteren", feedback: "Uitleg bij luisteren."}
  - {id: s2, text: "Zwijgen", feedback: "Uitleg bij zwijgen als stap."}
  - {id: s3, text: "Vragen", feedback: "Uitleg bij vragen."}
```

```exercise
id: x-own-question
kind: own_question
scene: "Na de les, aan de deur."
speaker: "Robbe, 17"
answer: "Ik wil in de garage van mijn nonkel werken."
question: "Welke bijvraag stel jij aan Robbe?"
```

```exercise
id: x-reflection
kind: reflection
question: "Wat neem je mee?"
model_answer: "Een mogelijk antwoord."
checklist: ["Het gaat over mij."]
```
"""

# What stands on the session of the tiny course; the test site of the browser has the real ones.
CASES = """
```exercise
id: x-timing
kind: timing
question: "Wat doe je met elke oefening?"
session: kleine-sessie
available: 18
feedback: "Uitleg over de tijd."
```

```exercise
id: x-format
kind: format
question: "Wat kies je?"
situation: {exercise: t1-midden, size: 9, minutes: 10, available: [papier]}
options:
  - {id: a, text: "Iets wat niet kan", breaks: [tijd], feedback: "Uitleg bij wat niet kan."}
  - {id: b, text: "Iets wat kan", feedback: "Uitleg bij wat kan."}
```

```exercise
id: x-doorloop
kind: rehearsal
slug: klein
title: "Klein tegen de klok"
scene: "Eén kort lesuur."
session: kleine-sessie
hours: [{day: "Maandag", start: "10.25", minutes: 20}]
disruptions:
  - {id: laat, during: [t1-checkin], minutes: {min: 4, max: 4}, scene: "Te laat.", lesson: "Begin rustig."}
  - {id: lang, during: [t1-checkin], minutes: {min: 4, max: 4}, scene: "Een verhaal.", lesson: "Luister."}
feedback: "Kies vooraf."
```
"""

HEAVY_LESSON = """---
id: m1-l5
slug: zwaar
title: Iets zwaars
minutes: 3
route: kern
---

Dit mag je ook lezen.

```exercise
id: d-zwaar
kind: dialogue
dialogue: d-zwaar
```
"""

HEAVY = """id: d-zwaar
slug: sam
title: "Sam vertelt iets zwaars"
setting: "Na de sessie."
sensitive: true
routes:
  - {setting: school, label: "In een school", go_to: "de leerlingenbegeleiding", then: "het CLB"}
start: z1
turns:
  - id: z1
    speaker: Sam
    text: "Thuis is het niet veilig."
    options:
      - id: a
        text: "Goed dat je dat zegt in de klas."
        variants: {jeugdhuis: "Goed dat je dat hier in het jeugdhuis zegt.", cvo: "Goed dat je dat in het CVO zegt."}
        next: z_goed
        goals: {veilig: 2}
        feedback: "Je erkent het."
      - {id: b, text: "Dat zal wel meevallen.", next: z_zwak, goals: {veilig: 0}, feedback: "Je wuift het weg."}
endings:
  - {id: z_goed, rating: goed, text: "Jullie gaan samen op zoek."}
  - {id: z_zwak, rating: zwak, text: "Sam zwijgt."}
written_variant:
  id: d-zwaar-tekst
  text: ["Een collega luisterde."]
  question: "Wat deed die goed?"
  options:
    - {id: a, text: "Erkennen", correct: true, feedback: "Zo is het."}
    - {id: b, text: "Uitvragen", feedback: "Dat is werk voor anderen."}
"""

TEST = """id: toets
title: Toets
minutes: 2
draw: {m1: 3}
pass_score: 2
items:
"""


def _item(name: str, critical: bool) -> str:
    return (
        f"  - id: {name}\n    module: m1\n    lesson: m1-l1\n    critical: {'true' if critical else 'false'}\n"
        f'    question: "Vraag {name}?"\n    options:\n'
        f'      - {{id: a, text: "Fout {name}", feedback: "Daarom niet {name}."}}\n'
        f'      - {{id: b, text: "Juist {name}", correct: true, feedback: "Daarom wel {name}."}}\n'
        f'      - {{id: c, text: "Ook fout {name}", feedback: "Daarom ook niet {name}."}}\n'
    )


def write_rich_course(folder: Path) -> Path:
    """Write the course to ``folder``, which does not exist yet; gives the folder back."""
    shutil.copytree(TINY, folder)
    course = folder / "navorming"
    module = course / "klein"
    (module / "lezen.md").write_text(READING)
    (module / "alle-soorten.md").write_text(KINDS + CASES)
    (module / "zwaar.md").write_text(HEAVY_LESSON)
    (course / "dialogen" / "d-zwaar.yaml").write_text(HEAVY)
    (course / "test.yaml").write_text(
        TEST + "".join(_item(name, name == "q1") for name in ("q1", "q2", "q3", "q4", "q5"))
    )
    lessons = "[eerste-les.md, tweede-les.md, lezen.md, alle-soorten.md, zwaar.md]"
    change(module / "module.yaml", "[eerste-les.md, tweede-les.md]", lessons)
    change(course / "course.yaml", "needs: [d-mini]", "needs: [d-mini, d-zwaar]")
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Edit a course file as an author would; ``old`` has to be there."""
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file.name}"
    file.write_text(text.replace(old, new))
