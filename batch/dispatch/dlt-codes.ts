// What a DLT gateway answers when it does not take a message, and what to do then. A code that is not in the table is treated as one a person has to look at.

/**
 * retry: the same message again, later. fix: a person changes registration, template or account; then again. never: this client gets none. sent: it
 * went before.
 */
export type DltAction = 'retry' | 'fix' | 'never' | 'sent';

/** One code. */
export interface DltCode {
  readonly action: DltAction;
  readonly meaning: string;
}

/** Codes by name. */
export const DLT_CODES: Readonly<Record<string, DltCode>> = {
  DLT_TEMPLATE_MISMATCH: { action: 'fix', meaning: 'the text is not the registered one: compare broker.json sms.template with the registration' },
  DLT_HEADER_INVALID: { action: 'fix', meaning: 'the header is not registered for this entity' },
  DLT_PE_INVALID: { action: 'fix', meaning: 'the entity id is not registered or lapsed' },
  DLT_TEMPLATE_INACTIVE: { action: 'fix', meaning: 'the template is not approved or was switched off; approval takes 3 to 7 working days' },
  DLT_VARIABLE_LENGTH: { action: 'fix', meaning: 'a variable is longer than the registration allows' },
  DLT_VARIABLE_CHARTYPE: { action: 'fix', meaning: 'a variable has characters its type does not allow' },
  DLT_REGEX_MISMATCH: { action: 'fix', meaning: 'the text does not fit the pattern of the template' },
  DLT_INSUFFICIENT_CREDIT: { action: 'fix', meaning: "the gateway's account is empty" },
  DLT_NDNC_BLOCK: { action: 'never', meaning: 'the number refuses such messages; the note itself goes by mail or paper' },
  DLT_PROMOTIONAL_TIME: { action: 'retry', meaning: 'outside 09:00 to 21:00: the template is registered as promotional; register it as service' },
  DLT_DUPLICATE: { action: 'sent', meaning: 'the gateway has had this message already' },
};

/** What to do about a code. */
export const dltCode = (code: string): DltCode => DLT_CODES[code] ?? { action: 'fix', meaning: 'a code nobody here knows; ask the gateway' };
