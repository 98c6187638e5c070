"""What Vietnamese keyboards make of typed letters: enough of Telex and VNI to see which letters they eat."""

_VOWELS = set("aeiouy")
_TELEX_TONES = set("sfrxj")
_TELEX_MARKED = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_VNI_TONES = set("12345")
_VNI_MARKS = {"6": "aeo", "7": "ou", "8": "a", "9": "d"}


def telex(text: str) -> str:
    """Type a text in Telex: a tone key after a vowel, W, and a doubled a, e, o or d do not stay."""
    return " ".join(map(_telex_word, text.lower().split(" ")))


def vni(text: str) -> str:
    """Type a text in VNI: a digit after a vowel (9 after d) does not stay."""
    return " ".join(map(_vni_word, text.lower().split(" ")))


def _telex_word(word: str) -> str:
    typed = ""
    for key in word:
        if key in _TELEX_TONES and _VOWELS & set(typed):
            continue
        if key in _TELEX_MARKED and key in typed:
            typed = typed.replace(key, _TELEX_MARKED[key], 1)
        else:
            typed += "ư" if key == "w" else key
    return typed


def _vni_word(word: str) -> str:
    typed = ""
    for key in word:
        tone = key in _VNI_TONES and _VOWELS & set(typed)
        mark = set(_VNI_MARKS.get(key, "")) & set(typed)
        typed += "" if tone or mark else key
    return typed
