import { useState } from 'preact/hooks';
import { expandTemplate, parseTemplate } from '../../runtime/api/uri-template/index.ts';
import type { Resource, ResourceResult, ResourceTemplate } from '../../runtime/provider.ts';
import type { CallAnswer } from '../api-types.ts';
import { ReadAnswer } from './answer.tsx';
import { CompletedInput } from './completed-input.tsx';
import { Heading } from './parts.tsx';
import { RunButton } from './run-button.tsx';
import { ItemGroup, Split } from './split.tsx';

export interface ResourcesViewProps {
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  readonly selected: string | undefined;
}

export function ResourcesView({ resources, templates, selected }: ResourcesViewProps) {
  const found =
    resources.find(({ uri }) => uri === selected) ?? templates.find(({ uriTemplate }) => uriTemplate === selected);
  const isEmpty = resources.length + templates.length === 0;
  return (
    <Split
      view="resources"
      noun="resource"
      selected={selected}
      empty={isEmpty ? 'This server has no resources.' : 'Select a resource to read it.'}
      list={
        <>
          <ItemGroup
            title="Resources"
            view="resources"
            items={resources.map((each) => itemOf(each.uri, each))}
            selected={selected}
          />
          <ItemGroup
            title="Templates"
            view="resources"
            items={templates.map((each) => itemOf(each.uriTemplate, each))}
            selected={selected}
          />
          {isEmpty && <p class="quiet empty">No resources.</p>}
        </>
      }
      detail={found && <ResourceView key={selected} resource={found} />}
    />
  );
}

const itemOf = (key: string, { name, title }: Resource | ResourceTemplate) => ({
  key,
  name: title ?? name,
  about: key,
});

function ResourceView({ resource }: { resource: Resource | ResourceTemplate }) {
  const { name, title, description, mimeType } = resource;
  const template = 'uriTemplate' in resource ? resource.uriTemplate : undefined;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<CallAnswer<ResourceResult>>();
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const uri = 'uri' in resource ? resource.uri : expandTemplate(resource.uriTemplate, given);
  return (
    <>
      <Heading id={template ?? uri}>{title ?? name}</Heading>
      <p class="request-line">
        <code>{template ?? uri}</code>
      </p>
      {mimeType !== undefined && <p class="quiet">{mimeType}</p>}
      {description !== undefined && <p class="description">{description}</p>}
      {variablesOf(template ?? '').map((variable) => (
        <CompletedInput
          key={variable}
          reference={{ type: 'resource', uri: template ?? '' }}
          name={variable}
          values={given}
          onChange={(value) => setValues({ ...values, [variable]: value })}
        />
      ))}
      {template !== undefined && (
        <p class="request-line">
          <span class="quiet">Reads </span>
          <code>{uri}</code>
        </p>
      )}
      <RunButton label="Read" path="read" body={{ uri }} onAnswer={setAnswer} />
      {answer && <ReadAnswer answer={answer} />}
    </>
  );
}

const variablesOf = (template: string): readonly string[] => [
  ...new Set(
    parseTemplate(template).parts.flatMap((part) =>
      typeof part === 'string' ? [] : part.variables.map(({ name }) => name),
    ),
  ),
];
