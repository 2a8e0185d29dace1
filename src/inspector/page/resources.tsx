import { useState } from 'preact/hooks';
import { expandTemplate, parseTemplate } from '../../runtime/api/uri-template/index.ts';
import type { Resource, ResourceResult, ResourceTemplate } from '../../runtime/provider.ts';
import type { CallAnswer } from '../api-types.ts';
import { ReadAnswer } from './answer.tsx';
import { CompletedInput } from './completed-input.tsx';
import { Heading, Notice } from './parts.tsx';
import { linkTo } from './route.ts';
import { RunButton } from './run-button.tsx';
import { ItemGroup, Split } from './split.tsx';

export interface ResourcesViewProps {
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  readonly selected: string | undefined;
}

export function ResourcesView({ resources, templates, selected }: ResourcesViewProps) {
  const resource = resources.find(({ uri }) => uri === selected);
  const template = templates.find(({ uriTemplate }) => uriTemplate === selected);
  const isEmpty = resources.length + templates.length === 0;
  return (
    <Split
      back={{ href: linkTo('resources'), label: 'All resources' }}
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
      detail={
        selected === undefined ? undefined : resource ? (
          <ResourceView key={selected} resource={resource} />
        ) : template ? (
          <TemplateView key={selected} template={template} />
        ) : (
          <Notice kind="warning">There is no resource “{selected}” any more.</Notice>
        )
      }
    />
  );
}

const itemOf = (key: string, { name, title }: Resource | ResourceTemplate) => ({
  key,
  name: title ?? name,
  about: key,
});

function ResourceView({ resource: { uri, name, title, description, mimeType } }: { resource: Resource }) {
  const [answer, setAnswer] = useState<CallAnswer<ResourceResult>>();
  return (
    <>
      <Heading id={uri}>{title ?? name}</Heading>
      <p class="request-line">
        <code>{uri}</code>
      </p>
      {mimeType !== undefined && <p class="quiet">{mimeType}</p>}
      {description !== undefined && <p class="description">{description}</p>}
      <RunButton label="Read" path="read" body={{ uri }} onAnswer={setAnswer} />
      {answer && <ReadAnswer answer={answer} />}
    </>
  );
}

function TemplateView({ template }: { template: ResourceTemplate }) {
  const { uriTemplate, name, title, description, mimeType } = template;
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<CallAnswer<ResourceResult>>();
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const uri = expandTemplate(uriTemplate, given);
  return (
    <>
      <Heading id={uriTemplate}>{title ?? name}</Heading>
      <p class="request-line">
        <code>{uriTemplate}</code>
      </p>
      {mimeType !== undefined && <p class="quiet">{mimeType}</p>}
      {description !== undefined && <p class="description">{description}</p>}
      {variablesOf(uriTemplate).map((variable) => (
        <CompletedInput
          key={variable}
          reference={{ type: 'resource', uri: uriTemplate }}
          name={variable}
          values={given}
          onChange={(value) => setValues({ ...values, [variable]: value })}
        />
      ))}
      <p class="request-line">
        <span class="quiet">Reads </span>
        <code>{uri}</code>
      </p>
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
