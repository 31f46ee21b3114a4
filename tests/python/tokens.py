"""Veilstream's tokens, written again from docs/formats.md alone: no line is shared with the product.

Reads {"key": hex, "operations": [...]} from standard input and prints a JSON list with one result for each operation.
Needs the package `cryptography` and nothing else.
"""

import base64
import hashlib
import json
import os
import struct
import sys

from cryptography.hazmat.primitives import cmac, hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def length_prefixed(*components):
    """LP(a, b, ...) of section 1."""
    joined = b""
    for component in components:
        data = component if isinstance(component, bytes) else str(component).encode("utf-8")
        joined += struct.pack(">I", len(data)) + data
    return joined


def hkdf(key, info, length):
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(key)


def rule_key(domain_key, scope, use, label, length):
    """Section 2."""
    names = ("suite", "domain", "epoch", "transform", "kind", "path")
    return hkdf(domain_key, length_prefixed("veil/v1/rule", *(scope[name] for name in names), use, label), length)


def prf(suite, key, data):
    if suite == "intl-cmac":
        mac = cmac.CMAC(algorithms.AES(key))
        mac.update(data)
        return mac.finalize()
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()[:16]


def tag_token(domain_key, operation):
    """Section 3.1."""
    scope = operation["scope"]
    key = rule_key(domain_key, scope, "prf", "token", 32)
    form = {"pseudonymize": "p1", "hash": "h1"}[scope["transform"]]
    tags = (prf(scope["suite"], key, bytes.fromhex(value)) for value in operation["values"])
    return [f"{form}-{scope['epoch']}-{tag.hex()}" for tag in tags]


def field_data(operation):
    scope = operation["scope"]
    return length_prefixed("veil/v1/field", operation["policy"], operation["path"], scope["keyId"], scope["epoch"])


def encrypt(domain_key, operation):
    """Section 3.2, one way."""
    scope = operation["scope"]
    siv = AESSIV(rule_key(domain_key, scope, "aead", "", 64))
    tokens = []
    for value in operation["values"]:
        nonce = os.urandom(16)
        plain = bytes([value["type"]]) + bytes.fromhex(value["value"])
        sealed = nonce + siv.encrypt(plain, [field_data(operation), nonce])
        body = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")
        tokens.append(f"e1-{scope['keyId']}-{scope['epoch']}-{body}")
    return tokens


def open_tokens(domain_key, operation):
    """Section 3.2, the other way."""
    scope = operation["scope"]
    siv = AESSIV(rule_key(domain_key, scope, "aead", "", 64))
    opened = []
    for token in operation["tokens"]:
        version, key_id, epoch, body = token.split("-", 3)
        if (version, key_id, epoch) != ("e1", scope["keyId"], str(scope["epoch"])):
            raise ValueError("a token of another key")
        sealed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        plain = siv.decrypt(sealed[16:], [field_data(operation), sealed[:16]])
        opened.append({"type": plain[0], "value": plain[1:].hex()})
    return opened


def number(numerals, radix=10):
    value = 0
    for numeral in numerals:
        value = value * radix + numeral
    return value


def numerals_of(value, length):
    return [value // 10**place % 10 for place in range(length - 1, -1, -1)]


def ff1_encrypt(key, numerals):
    """FF1 of NIST SP 800-38G, algorithm 7, radix 10, empty tweak."""
    block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    n = len(numerals)
    u = n // 2
    v = n - u
    a, b = numerals[:u], numerals[u:]
    size = (((10**v - 1).bit_length()) + 7) // 8
    d = 4 * ((size + 3) // 4) + 4
    p = bytes([1, 2, 1, 0, 0, 10, 10, u % 256]) + struct.pack(">II", n, 0)
    for i in range(10):
        q = bytes((-size - 1) % 16) + bytes([i]) + number(b).to_bytes(size, "big")
        data = p + q
        r = bytes(16)
        for at in range(0, len(data), 16):
            r = block.update(bytes(x ^ y for x, y in zip(r, data[at : at + 16])))
        s = r
        for j in range(1, (d + 15) // 16):
            s += block.update(bytes(x ^ y for x, y in zip(r, j.to_bytes(16, "big"))))
        y = int.from_bytes(s[:d], "big")
        m = u if i % 2 == 0 else v
        a, b = b, numerals_of((number(a) + y) % 10**m, m)
    return a + b


def luhn_digit(numerals):
    total = 0
    for place, numeral in enumerate(reversed(numerals)):
        doubled = numeral * 2 if place % 2 == 0 else numeral
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def text_of(numerals):
    return "".join(str(numeral) for numeral in numerals)


def same(domain_key, operation):
    """Section 3.3, for the kinds whose numerals are digits of the value."""
    scope = operation["scope"]
    key = rule_key(domain_key, scope, "fpe", "same", 32)
    kind = scope["kind"]
    results = []
    for value in operation["values"]:
        text = bytes.fromhex(value).decode("utf-8")
        head = {"cn-mobile": 1, "passport": len(text) - len(text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))}.get(kind, 0)
        tail = 1 if kind in ("bank-card", "imei") else 0
        numerals = [int(digit) for digit in text[head : len(text) - tail]]
        numerals = ff1_encrypt(key, numerals)
        while kind == "cn-mobile" and numerals[0] < 3:
            numerals = ff1_encrypt(key, numerals)
        check = str(luhn_digit(numerals)) if tail else ""
        results.append((text[:head] + text_of(numerals) + check).encode("utf-8").hex())
    return results


def seal_parts(session, counter, associated_data, secret, desk):
    key = hkdf(secret, length_prefixed("veil/v1/seal", session, desk), 32)
    return key, bytes(8) + counter, length_prefixed(b"\x01", session, counter, associated_data)


def open_seal(_domain_key, operation):
    """Section 4, for whoever holds the desk's private key."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(operation["privateKey"]))
    desk = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if hashlib.sha256(desk).hexdigest()[:8] != operation["keyId"]:
        raise ValueError("another desk key")
    opened = []
    for text in operation["seals"]:
        sealed = bytes.fromhex(text)
        session, counter = sealed[1:33], sealed[33:37]
        secret = private.exchange(X25519PublicKey.from_public_bytes(session))
        key, nonce, aad = seal_parts(session, counter, bytes.fromhex(operation["associatedData"]), secret, desk)
        opened.append(AESGCM(key).decrypt(nonce, sealed[37:], aad).hex())
    return opened


def seal(_domain_key, operation):
    """Section 4, the processor's side."""
    desk = bytes.fromhex(operation["publicKey"])
    ephemeral = X25519PrivateKey.generate()
    session = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(desk))
    seals = []
    for count, plain in enumerate(operation["values"]):
        counter = struct.pack(">I", count)
        key, nonce, aad = seal_parts(session, counter, bytes.fromhex(operation["associatedData"]), secret, desk)
        seals.append((b"\x01" + session + counter + AESGCM(key).encrypt(nonce, bytes.fromhex(plain), aad)).hex())
    return seals


OPERATIONS = {
    "tag": tag_token,
    "same": same,
    "encrypt": encrypt,
    "open": open_tokens,
    "seal": seal,
    "open-seal": open_seal,
}


def main():
    request = json.load(sys.stdin)
    domain_key = bytes.fromhex(request["key"])
    results = [OPERATIONS[operation["do"]](domain_key, operation) for operation in request["operations"]]
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
