import type { Rule } from '../subject.ts';
import { addressesTheModel } from './addresses-the-model.ts';
import { binaryResponse } from './binary-response.ts';
import { cleanedName } from './cleaned-name.ts';
import { deprecatedOperation } from './deprecated-operation.ts';
import { doubtfulReadOnly } from './doubtful-read-only.ts';
import { duplicateDescription } from './duplicate-description.ts';
import { fileSentAsText } from './file-sent-as-text.ts';
import { largeList } from './large-list.ts';
import { largeTool } from './large-tool.ts';
import { longName } from './long-name.ts';
import { missingDescription } from './missing-description.ts';
import { missingOperationId } from './missing-operation-id.ts';
import { noServer } from './no-server.ts';
import { recognisedPages } from './recognised-pages.ts';
import { refusedByProvider } from './refused-by-provider.ts';
import { summaryOnly } from './summary-only.ts';
import { unannotatedDestructive } from './unannotated-destructive.ts';
import { unavailableCredential } from './unavailable-credential.ts';
import { unclearName } from './unclear-name.ts';
import { undescribedParameters } from './undescribed-parameters.ts';
import { unpagedList } from './unpaged-list.ts';

/** Advice on what matters to a model, in the order of reports. */
export const RULES: readonly Rule[] = [
  addressesTheModel,
  missingDescription,
  duplicateDescription,
  unclearName,
  doubtfulReadOnly,
  unavailableCredential,
  noServer,
  largeTool,
  largeList,
  refusedByProvider,
  undescribedParameters,
  longName,
  cleanedName,
  missingOperationId,
  summaryOnly,
  unpagedList,
  recognisedPages,
  binaryResponse,
  fileSentAsText,
  unannotatedDestructive,
  deprecatedOperation,
];
