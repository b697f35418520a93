"""Small files that would be very large, or lead elsewhere, if somebody believed them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PIECE = 1 << 20
LARGEST = 0xFFFF_0000
"""What a plain zip can say that a member has; ten gigabytes are three of them."""


def deflate_zeros(size: int, wbits: int = -15) -> bytes:
    """A deflate stream of so many MiB of zeros (rounded down), made of the same piece again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(PIECE)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    body = piece * (size // PIECE) + end
    return body if wbits == -15 else b"\x78\xda" + body + b"\0\0\0\1"


def zip_zeros(members: Mapping[str, bytes], size: int = LARGEST) -> bytes:
    """A zip whose members begin as given and go on with zeros, four gigabytes each."""
    out, directory = bytearray(), bytearray()
    for name, start in members.items():
        first = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = first.compress(start) + first.flush(zlib.Z_FULL_FLUSH) + deflate_zeros(size - len(start))
        fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(packed), size, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + fields
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, len(out)) + name.encode()
        out += b"PK\x03\x04" + fields + name.encode() + packed
    count = len(members)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), len(out), 0)
    return bytes(out + directory + end)


def zip_files(files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    """A zip; `links` are symbolic links and where they lead."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
    return memory.getvalue()


def make_huge_png(width: int, height: int) -> bytes:
    """A whole PNG of zeros, one bit for each pixel."""
    rows = deflate_zeros((width // 8 + 1) * height, wbits=15)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    header = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
