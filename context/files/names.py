"""What a file's name alone gives away: secrets, generated and minified files."""

import re

from codenook.context.files.skip import Skip

SECRET_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".kube"})

_SECRET = re.compile(
    r"""
    .*\.env | \.env(?:rc|[._-].*)?                                           # environments
    | .*\.(?:pem|key|p8|p12|pfx|jks|keystore|ppk|kdbx|tfvars|tfstate(?:\.backup)?)  # keys, stores of keys
    | (?:.*_)?id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?                               # SSH
    | [._]netrc | \.(?:pgpass|my\.cnf|npmrc|pypirc|htpasswd|git-credentials|dockercfg|s3cfg|vault_pass)
    | (?:.*[._-])?(?:credentials?|secrets?)(?:\.(?:json|ya?ml|toml|ini|cfg|conf|xml|properties|txt|csv|db))?
    | (?:client_secret|service[_-]account).*\.json
    | wp-config\.php
    """,
    re.VERBOSE,
)
_GENERATED = re.compile(
    r"""
    package-lock\.json | npm-shrinkwrap\.json | pnpm-lock\.yaml | go\.sum        # lock files
    | (?:bun|cargo|composer|deno|flake|gemfile|mix|pdm|pipfile|poetry|pubspec|uv|yarn)\.lock
    | .*(?:_pb2(?:_grpc)?\.pyi? | \.pb(?:\.gw)?\.(?:go|h|cc) | _pb\.(?:d\.ts|js|ts)  # protocol buffers
        | \.(?:g|freezed)\.dart | \.(?:g|g\.i|designer)\.cs                          # Dart, C#
        | [._]generated\.[\w.]+)
    """,
    re.VERBOSE,
)
_MINIFIED = re.compile(r".*[.-]min\.(?:[cm]?js|css)")


def by_name(name: str) -> Skip | None:
    """Why a file of this name is left out whatever it holds; None when the name says nothing."""
    name = name.lower()
    if _SECRET.fullmatch(name):
        return Skip.SECRET
    if _GENERATED.fullmatch(name):
        return Skip.GENERATED
    return Skip.MINIFIED if _MINIFIED.fullmatch(name) else None
