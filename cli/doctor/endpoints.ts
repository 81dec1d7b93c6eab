import { when, wrong, warning, type Finding, type Place } from './finding.ts';

/** Whether the functions ask AWS's FIPS endpoints: the stack parameter `fips`. */
export interface EndpointsSight {
  fips: boolean;
  partition: string;
}

// https://aws.amazon.com/compliance/fips/
const haveThem = /^(us|ca)-/;

/** GovCloud's users are mostly bound to FIPS endpoints; most other regions have none, and every call would fail. */
export const judgeEndpoints = ({ fips, partition }: EndpointsSight, { stage, region }: Place): Finding[] => {
  const deploy = (value: boolean): string =>
    `npx serverless deploy --stage ${stage} --region ${region} --param="fips=${value}"`;
  return [
    ...when(
      partition === 'aws-us-gov' && !fips,
      warning('the functions do not ask the FIPS endpoints of GovCloud', deploy(true)),
    ),
    ...when(
      fips && !haveThem.test(region),
      wrong(`the functions ask FIPS endpoints, and ${region} has none`, deploy(false)),
    ),
  ];
};
