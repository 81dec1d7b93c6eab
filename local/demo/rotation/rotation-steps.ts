import type { RotatedSecret, RotationStep } from '../../../lib/domain/rotation.ts';

/** What each step of a rotation does, for people. */
export const doings: Record<RotatedSecret, Record<RotationStep, string>> = {
  hook: {
    createSecret: 'a new token and signing token, staged as AWSPENDING',
    setSecret: 'once the doors have read it: set on the hook',
    testSecret: 'GitLab sends a test; a door must accept it',
    finishSecret: 'AWSPENDING becomes AWSCURRENT',
  },
  gitlab: {
    createSecret: 'GitLab makes a token, named after the version',
    setSecret: 'nothing to set: the old token stays alive',
    testSecret: 'it must see every project that the old one sees',
    finishSecret: 'AWSPENDING becomes AWSCURRENT',
  },
};
