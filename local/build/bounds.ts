/**
 * What the stack may touch is one list of ARNs per kind (stage parameters); policies need them in several forms. All
 * may hold `*` as IAM reads it, and CloudFormation's `${AWS::Partition}`, `${AWS::Region}`, `${AWS::AccountId}`.
 */
const forms = {
  /** as they are */
  arns: (arn: string) => arn,
  /** rollouts of these services: service-deployment/<cluster>/<service>/<id> */
  deployments: (service: string) => `${service.replace(':service/', ':service-deployment/')}/*`,
  /** revisions of these services: service-revision/<cluster>/<service>/<id> */
  revisions: (service: string) => `${service.replace(':service/', ':service-revision/')}/*`,
  /** tasks of these services' clusters: a task's ARN does not name its service */
  tasks: (service: string) => service.replace(/:service\/([^/]+)\/.*$/, ':task/$1/*'),
  clusters: (service: string) => service.replace(/:service\/([^/]+)\/.*$/, ':cluster/$1'),
};

/** `${bounds(<form>):<parameter>}` in serverless.yml: the parameter's comma-joined ARNs, as a list in that form. */
export const boundsOf = (form: string, list: string): (string | { 'Fn::Sub': string })[] => {
  if (!(form in forms)) throw new Error(`bounds: no form "${form}"; there are ${Object.keys(forms).join(', ')}`);
  const arns = list.split(',').map((arn) => arn.trim());
  arns.forEach(refuseTooWide);
  const formed = new Set(arns.map(forms[form as keyof typeof forms]));
  return [...formed].map((arn) => (arn.includes('${') ? { 'Fn::Sub': arn } : arn));
};

const refuseTooWide = (arn: string): void => {
  const resource = arn.split(':').at(-1) ?? '';
  if (!arn.startsWith('arn:') || /^[^/]*\/?\*?$/.test(resource))
    throw new Error(`bounds: "${arn}" is not an ARN that names something`);
};
