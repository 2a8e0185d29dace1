/** The server's own tools, for openapi-mcp.config.yaml. */
export default (server) => {
  server.tool('about', { description: 'What this server is made of.' }, () => 'Two generated, one live, one remote.');
  server.tool('adopt', { description: 'The pet to take home.' }, (_, { callTool }) =>
    callTool('pets_getPet', { petId: 7 }),
  );
};
