import { auth0 } from './auth0.ts';
import { clerk } from './clerk.ts';
import { cognito } from './cognito.ts';
import { descope } from './descope.ts';
import { discord } from './discord.ts';
import { entra } from './entra.ts';
import { github } from './github.ts';
import { google } from './google.ts';
import { keycloak } from './keycloak.ts';
import { oidc } from './oidc.ts';
import { okta } from './okta.ts';
import type { AuthPreset } from './preset.ts';
import { scalekit } from './scalekit.ts';
import { supabase } from './supabase.ts';
import { workos } from './workos.ts';

/** Every identity provider with a preset. */
export const AUTH_PRESETS: readonly AuthPreset[] = [
  oidc,
  auth0,
  clerk,
  cognito,
  descope,
  discord,
  entra,
  github,
  google,
  keycloak,
  okta,
  scalekit,
  supabase,
  workos,
];
