"""Which of the planted effects are on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Effects:
    """One switch for each effect, all on by default; `docs/sandbox.md` says what each does.

    With all of them off nothing goes with anything: ratings, scores and words are drawn apart from each other and
    from agents, skills and months.
    """

    agents: bool = True
    skills: bool = True
    words: bool = True
    message: bool = True
    raters: bool = True
    mix: bool = True
    mood: bool = True

    @classmethod
    def none(cls) -> Effects:
        return cls(**dict.fromkeys(cls.names(), False))

    @classmethod
    def names(cls) -> list[str]:
        return [each.name for each in fields(cls)]

    @classmethod
    def named(cls, text: str) -> Effects:
        """`all`, `none`, or names joined by commas; ValueError names what is unknown."""
        if text == "all":
            return cls()
        wanted = [] if text == "none" else text.split(",")
        unknown = sorted(set(wanted) - set(cls.names()))
        if unknown:
            raise ValueError(f"no such effect: {unknown[0]}; there are {', '.join(cls.names())}, all and none")
        return cls(**{name: name in wanted for name in cls.names()})

    def __post_init__(self) -> None:
        # A shift of the mix lowers the whole only when skills differ in difficulty.
        if self.mix and not self.skills:
            object.__setattr__(self, "skills", True)

    def on(self) -> list[str]:
        return [name for name, value in asdict(self).items() if value]
