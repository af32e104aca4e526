// A detached CMS signature over a document (adbe.pkcs7.detached, SHA-256, RSA): content type, signing time and digest are the signed attributes. No timestamp
// authority is asked: the time is the signer's own.
import { createHash } from 'node:crypto';
import { der, oid, Tag, utcTime } from './der.ts';
import type { NoteSigner } from './note-signer.ts';

const OID = {
  signedData: oid('1.2.840.113549.1.7.2'),
  data: oid('1.2.840.113549.1.7.1'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingTime: oid('1.2.840.113549.1.9.5'),
  sha256: oid('2.16.840.1.101.3.4.2.1'),
  rsa: oid('1.2.840.113549.1.1.1'),
} as const;
const VERSION_1 = der(Tag.INTEGER, Buffer.from([1]));
const NOTHING = der(Tag.NULL);
const SHA256 = der(Tag.SEQUENCE, OID.sha256, NOTHING);

const attribute = (type: Uint8Array, value: Uint8Array): Buffer => der(Tag.SEQUENCE, type, der(Tag.SET, value));

/** Signs the concatenation of `parts`; DER of the signature. */
export async function detachedSignature(parts: readonly Uint8Array[], signer: NoteSigner, at: Date): Promise<Buffer> {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  // DER orders a SET OF by its encodings, and these lie in that order by their lengths.
  const attributes = [
    attribute(OID.contentType, OID.data),
    attribute(OID.signingTime, utcTime(at)),
    attribute(OID.messageDigest, der(Tag.OCTETS, hash.digest())),
  ];
  const signature = await signer.sign(der(Tag.SET, ...attributes));
  const info = der(
    Tag.SEQUENCE,
    VERSION_1,
    signer.issuerAndSerial,
    SHA256,
    der(Tag.CONTEXT_0, ...attributes),
    der(Tag.SEQUENCE, OID.rsa, NOTHING),
    der(Tag.OCTETS, signature),
  );
  const signed = der(
    Tag.SEQUENCE,
    VERSION_1,
    der(Tag.SET, SHA256),
    der(Tag.SEQUENCE, OID.data),
    der(Tag.CONTEXT_0, ...signer.chain),
    der(Tag.SET, info),
  );
  return der(Tag.SEQUENCE, OID.signedData, der(Tag.CONTEXT_0, signed));
}
