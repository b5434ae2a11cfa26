"""Writes encoded.json: what the libraries of Python, Go and Java, and bash, make of secrets.json. Needs all four.

    python3 test/lambda/deployment/masking/golden/make-vectors.py
"""
import json, pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).parent
SECRETS = HERE / "secrets.json"


def output(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout.decode()


def java():
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(secret.encode().hex() for secret in json.loads(SECRETS.read_text(encoding="utf-8"))))
        file.flush()
        lines = output("java", str(HERE / "Encode.java"), file.name).splitlines()
    return [[bytes.fromhex(part).decode() for part in line.split(" ")] for line in lines]


def bash():
    vectors = []
    for secret in json.loads(SECRETS.read_text(encoding="utf-8")):
        for name, script in {
            "printf %q": 'printf "%q" "$1"',
            "${x@Q}": 'x=$1; printf "%s" "${x@Q}"',
            "set -x": 'set -x; : "$1"',
            "base64": 'printf "user:%s" "$1" | base64',
            "base64 -w 20": 'printf "user:%s" "$1" | base64 -w 20 | head -c 4000',
            "od": 'printf "%s" "$1" | od -An -v -tx1 -w999',
        }.items():
            vectors.append([name, secret, output("bash", "-c", script, "bash", secret, stderr=subprocess.STDOUT, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}).rstrip("\n")])
    return vectors


vectors = {
    "Python": json.loads(output(sys.executable, str(HERE / "encode.py"), str(SECRETS))),
    "Go": sorted(json.loads(output("go", "run", str(HERE / "encode.go"), str(SECRETS)))),
    "Java": java(),
    "bash": bash(),
}
text = ",\n".join(f" {json.dumps(language)}: [\n" + ",\n".join("  " + json.dumps(vector) for vector in found) + "\n ]" for language, found in vectors.items())
(HERE / "encoded.json").write_text("{\n" + text + "\n}\n", encoding="utf-8")
