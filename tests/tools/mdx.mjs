// MDX texts (a JSON list on standard input) to HTML (a JSON list), with the directives that Docusaurus reads.
import { evaluate } from '@mdx-js/mdx';
import { text } from 'node:stream/consumers';
import { createElement } from 'react';
import * as runtime from 'react/jsx-runtime';
import { renderToStaticMarkup } from 'react-dom/server';
import remarkDirective from 'remark-directive';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';

// Directives become elements of their own name; of modules that are not there, the line is shown.
function shown() {
  const walk = (node) => {
    if (node.type.endsWith('Directive')) {
      node.data = { ...node.data, hName: 'div', hProperties: { className: [`directive-${node.name}`] } };
    }
    if (node.type === 'mdxjsEsm' && /^import\b/.test(node.value)) {
      Object.assign(node, { type: 'code', value: node.value, data: undefined });
    }
    node.children?.forEach(walk);
  };
  return walk;
}

async function render(page) {
  const names = new Set([...page.matchAll(/<([A-Z]\w*)/g)].map((match) => match[1]));
  const element = (name) => ({ children, ...rest }) =>
    createElement('div', { className: `component-${name}`, title: JSON.stringify(rest) }, children);
  const components = Object.fromEntries([...names].map((name) => [name, element(name)]));
  const remarkPlugins = [[remarkFrontmatter, ['yaml', 'toml']], remarkGfm, remarkDirective, shown];
  const { default: Content } = await evaluate(page, { ...runtime, remarkPlugins });
  return renderToStaticMarkup(createElement(Content, { components }));
}

const pages = [];
for (const page of JSON.parse(await text(process.stdin))) {
  pages.push(await render(page).catch((error) => `<p>error: ${error.message}</p>`));
}
process.stdout.write(JSON.stringify(pages));
