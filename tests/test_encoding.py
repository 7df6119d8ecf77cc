from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.documents import Document
from dedup.sources.encoding import Binary, NotText, decode, decode_block, structural

UTF16 = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
# Without NUL, which makes a file binary, and without lone surrogates, which no encoding holds.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def document(data: bytes) -> Document:
    return decode("a.md", data, "markdown", "a.md")


@settings(max_examples=500)
@given(text=texts, encoding=st.sampled_from(sorted(UTF16)), data=st.data())
@example(text="", encoding="utf-16-le", data=None)
@example(text="a\U0001f600é\ufeffb", encoding="utf-16-be", data=None)
def test_every_slice_of_utf16_maps_to_its_source(
    text: str, encoding: str, data: st.DataObject | None
) -> None:
    source = UTF16[encoding] + text.encode(encoding)
    made = document(source)
    assert made.source == source
    assert made.text == text.encode("utf-8")
    assert made.table is not None
    assert made.table.dtype == "int64"
    assert len(made.table) == len(made.text) + 1
    end = len(text) if data is None else data.draw(st.integers(0, len(text)))
    start = 0 if data is None else data.draw(st.integers(0, end))
    offset = [made.offset(len(text[:position].encode("utf-8"))) for position in (start, end)]
    assert source[offset[0] : offset[1]].decode(encoding) == text[start:end]
    assert (made.offset(0), made.offset(len(made.text))) == (2, len(source))
    assert (made.table[1:] >= made.table[:-1]).all()


@settings(max_examples=500)
@given(text=texts, start=st.integers(0, 50))
def test_utf8_with_a_byte_order_mark_is_shifted(text: str, start: int) -> None:
    source = codecs.BOM_UTF8 + text.encode("utf-8")
    made = document(source)
    assert made.text == text.encode("utf-8")
    assert source[made.offset(start) :] == made.text[start:]


@pytest.mark.parametrize(
    "data", [b"", b"plain", "naïve".encode(), "naïve".encode("latin-1"), b"\xff", b"\xef\xbb"]
)
def test_other_bytes_are_the_text_as_they_are(data: bytes) -> None:
    made = document(data)
    assert (made.text, made.source, made.shift, made.table) == (data, data, 0, None)


@pytest.mark.parametrize("tail", [b"a", b"\x00\xd8", b"a\0b\0\x00\xdc", b"\x00\xd8a\0"])
def test_bad_utf16_is_named(tail: bytes) -> None:
    with pytest.raises(NotText, match=r"^not valid UTF-16$") as caught:
        document(codecs.BOM_UTF16_LE + tail)
    assert not isinstance(caught.value, Binary)


@pytest.mark.parametrize(
    "data", [b"a\0b", codecs.BOM_UTF8 + b"\0", "a".encode("utf-32"), codecs.BOM_UTF16_BE + b"\0a\0\0"]
)
def test_a_nul_means_binary(data: bytes) -> None:
    with pytest.raises(Binary, match=r"^binary file$"):
        document(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve — “so”".encode(), "naïve — “so”"),
        ("naïve — “so”".encode("cp1252"), "naïve — “so”"),
        (b"\x81\x8d\x8f\x90\x9d \x93\xe9", "\x81\x8d\x8f\x90\x9d “é"),
        (b"", ""),
    ],
)
def test_a_block_is_utf8_or_else_western(data: bytes, text: str) -> None:
    assert decode_block(data) == text


@settings(max_examples=500)
@given(st.binary())
def test_every_block_decodes(data: bytes) -> None:
    assert len(decode_block(data)) <= len(data)


@settings(max_examples=500)
@given(st.lists(st.binary(max_size=4) | texts.map(lambda text: text.encode("utf-8"))).map(b"".join))
@example(b"\xe2\x82A\xed\xa0\x80\xf0\x9f\x98")
def test_the_structural_form_keeps_length_and_offsets(data: bytes) -> None:
    made = structural(data).encode("utf-8")
    assert len(made) == len(data)
    # Where the bytes differ, one that is not UTF-8 became an x; what is valid stands where it stood.
    assert all(
        new == old or (new, old >= 0x80) == (ord("x"), True) for new, old in zip(made, data, strict=True)
    )
    escaped = data.decode("utf-8", "surrogateescape")
    assert made.count(b"x") - data.count(b"x") == sum(
        "\udc80" <= character <= "\udcff" for character in escaped
    )


def test_the_structural_form_of_megabytes_is_fast() -> None:
    data = "Grüße aus Köln, naïve café. ".encode("latin-1") * 100_000
    start = time.perf_counter()
    structural(data)
    assert time.perf_counter() - start < 2
