"""Written claims judged by the rules R: how many inflated ones are caught, how many honest ones are hurt, by rule.

    python bench/claims.py

The claims are those of tests/claims, both written before the rules by the hand that wrote the rules: `first` is what
they were tuned on; `second`, in another voice, was judged once, and two rules were mended after it
(docs/honest-telling.md). A claim is caught where anything refuses it, and by its own rule where one of the rules
written beside it does.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from claiming import Judged, judged, precision, recall

SETS = ("first", "second")


def table(found: list[Judged]) -> None:
    print(f"{'rule':6}{'inflated':>10}{'caught':>10}{'by it':>10}{'honest refused':>16}")
    rules = sorted({rule for claim in found for rule in claim.rules})
    for rule in rules:
        own = [claim for claim in found if rule in claim.rules]
        hurt = sum(claim.honest and rule in claim.codes for claim in found)
        caught, by_it = sum(claim.refused for claim in own), sum(rule in claim.codes for claim in own)
        print(f"{rule:6}{len(own):>10}{caught:>10}{by_it:>10}{hurt:>16}")


def main() -> None:
    for name in SETS:
        started = time.process_time()
        found = judged(f"{name}.yaml")
        spent = time.process_time() - started
        print(f"\n{name}: {len(found)} claims, {spent / len(found) * 1000:.1f} ms of CPU each")
        for language, some in (
            ("all", found),
            ("ja", [claim for claim in found if claim.ja]),
            ("en", [claim for claim in found if not claim.ja]),
        ):
            inflated = [claim for claim in some if not claim.honest]
            hurt = sum(claim.honest and claim.refused for claim in some)
            own = sum(bool(set(claim.rules) & set(claim.codes)) for claim in inflated)
            print(
                f"  {language:4} recall {float(recall(some)):.3f}  precision {float(precision(some)):.3f}"
                f"  by its own rule {own}/{len(inflated)}  honest refused {hurt}/{len(some) - len(inflated)}"
            )
        table(found)
        for claim in found:
            if claim.honest == claim.refused:
                print(f"  wrong: {claim.says} {claim.codes}")


if __name__ == "__main__":
    main()
