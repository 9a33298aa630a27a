"""Makes the wheel (PEP 427, PEP 517): the module, and the program inside it.

The program is what `Scripts/release` made; `Python/build` calls both. The platform tag says what the program needs,
as its own tables of symbols say, not what this machine is.
"""

import base64
import hashlib
import os
import platform
import re
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("TRACKER_RELEASE") or os.path.join(HERE, "..", ".build-release", "tracker")

# Libraries that every Linux of manylinux has (PEP 600; the list is auditwheel's policy).
ALLOWED = {
    "libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libutil.so.1", "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1", "libgcc_s.so.1", "libstdc++.so.6",
}  # fmt: skip
# Versions of libstdc++ and libgcc that the oldest Linux with the glibc of our tag has (GCC 11).
NEWEST = {"GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13), "GCC": (11, 0)}


def _facts():
    with open(os.path.join(HERE, "pyproject.toml")) as file:
        text = file.read()

    def value(key):
        return re.search(rf'^{key} = "(.*)"$', text, re.M).group(1)

    return {key: value(key) for key in ("name", "version", "description", "requires-python")}


def tag(program):
    """The platform that the program runs on."""
    if sys.platform == "darwin":
        return f"macosx_15_0_{platform.machine()}"
    told = subprocess.run(["readelf", "-dV", program], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"\(NEEDED\)\s+Shared library: \[(.*?)\]", told))
    if needed - ALLOWED:
        raise SystemExit(f"error: the program needs {', '.join(sorted(needed - ALLOWED))}, which not every Linux has")
    for name, newest in NEWEST.items():
        asked = [tuple(map(int, v.split("."))) for v in re.findall(rf"Name: {name}_([\d.]+)", told)]
        if asked and max(asked) > newest:
            raise SystemExit(f"error: the program asks for {name}_{'.'.join(map(str, max(asked)))}")
    major, minor = max(tuple(map(int, v.split("."))) for v in re.findall(r"Name: GLIBC_(\d+\.\d+)", told))
    return f"manylinux_{major}_{minor}_{platform.machine()}"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """The hook of PEP 517: makes the wheel and returns its name."""
    facts = _facts()
    if not os.path.exists(PROGRAM):
        raise SystemExit(f"error: there is no {PROGRAM}\nMake it with Scripts/release, or all with Python/build.")
    distribution = f"{facts['name'].replace('-', '_')}-{facts['version']}"
    platform_tag = tag(PROGRAM)
    name = f"{distribution}-py3-none-{platform_tag}.whl"
    information = f"{distribution}.dist-info"
    with open(os.path.join(HERE, "README.md")) as file, open(os.path.join(HERE, "..", "LICENSE")) as licence:
        readme, terms = file.read(), licence.read()
    texts = {
        "METADATA": (
            f"Metadata-Version: 2.1\nName: {facts['name']}\nVersion: {facts['version']}\n"
            f"Summary: {facts['description']}\nRequires-Python: {facts['requires-python']}\n"
            f"License: MIT\nDescription-Content-Type: text/markdown\n\n{readme}"
        ),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: tracker\nRoot-Is-Purelib: false\nTag: py3-none-{platform_tag}\n",
        "LICENSE": terms,
    }
    record = []
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:

        def add(place, data, mode=0o644):
            entry = zipfile.ZipInfo(place, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{place},sha256={digest},{len(data)}\n")

        top = os.path.join(HERE, "src")
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for file in sorted(files):
                place = os.path.join(folder, file)
                with open(place, "rb") as opened:
                    add(os.path.relpath(place, top).replace(os.sep, "/"), opened.read())
        with open(PROGRAM, "rb") as opened:
            # Installers put what is here on PATH.
            add(f"{distribution}.data/scripts/tracker", opened.read(), 0o755)
        for file, text in texts.items():
            add(f"{information}/{file}", text.encode())
        record.append(f"{information}/RECORD,,\n")
        entry = zipfile.ZipInfo(f"{information}/RECORD", (2020, 1, 1, 0, 0, 0))
        entry.external_attr = 0o100644 << 16
        wheel.writestr(entry, "".join(record))
    return name


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    print(build_wheel(sys.argv[1]))
