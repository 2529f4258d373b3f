// A recipient that age cannot encrypt to fails in the middle of a run: better now.
import { Encrypter } from 'age-encryption';
import { specRule } from './rule.ts';

export default specRule({
  id: 'spec.invalid-recipient',
  severity: 'critical',
  impact: 'Secrets and state cannot be encrypted: no run can start.',
  source: 'age(1), RECIPIENTS AND IDENTITIES',
  reads: ['recipients'],
  check: ({ spec }) =>
    (spec.recipients ?? []).flatMap((recipient, index) =>
      isRecipient(recipient)
        ? []
        : [
            {
              path: ['recipients', index],
              message: `${recipient.slice(0, 24)}... is not an age recipient: its check sum is wrong.`,
              remediation: 'Copy the whole line "public key: age1..." that age-keygen printed.',
            },
          ],
    ),
});

function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}
