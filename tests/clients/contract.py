"""The contract, as generators of clients take it: `contract.py VERSION <openapi.json >prepared.json`.

A generator knows nothing of what the contract says in prose, so it is written out:

- What is sent is not what comes back: NewClaim is a Claim without what is read-only, and ClaimChanges is what a PATCH may name, all of
  it optional, and null where there is a default. Neither has defaults; those are the server's, and a client that sent them in a PATCH
  would undo what stands there.
- A reference may be sent as an id or an external_id; what comes back is the id.
- Bodies are JSON. The other media types that some operations take (texts, pages, NDJSON) say nothing more.
- The pages for people and what they load are left out, and what other clients speak (MCP)."""

import copy
import json
import sys

PREFIX = '#/components/schemas/'
IDS = {'Reference': {'type': 'integer', 'format': 'int64'}, 'OptionalReference': {'type': ['integer', 'null'], 'format': 'int64'}}
LEFT_OUT = {'/desk', '/docs', '/web', '/problems', '/mcp'}
METHODS = {'get', 'put', 'post', 'patch', 'delete'}


class Contract:
    def __init__(self, document):
        self.document = document
        self.schemas = document['components']['schemas']
        self.for_sending = set()
        self.coming_back = set()

    def named(self, schema):
        """The name that a schema refers to, or None."""
        reference = schema.get('$ref', '') if isinstance(schema, dict) else ''
        return reference[len(PREFIX):] if reference.startswith(PREFIX) else None

    def is_read_only(self, schema):
        name = self.named(schema)
        return schema.get('readOnly', False) or (name is not None and self.is_read_only(self.schemas[name]))

    def differs(self, schema, seen=()):
        """Whether anything in a schema is not sent as it comes back."""
        if isinstance(schema, list):
            return any(self.differs(part, seen) for part in schema)
        if not isinstance(schema, dict):
            return False
        name = self.named(schema)
        if name is not None:
            return name in IDS or name not in seen and self.differs(self.schemas[name], (*seen, name))
        properties = schema.get('properties', {}).values()
        return 'default' in schema or any(self.is_read_only(part) or self.differs(part, seen) for part in properties) or any(
            self.differs(part, seen) for key, part in schema.items() if key not in ('properties', 'example', 'examples'))

    def sent(self, schema, changes=False):
        """What may be sent of a schema; with `changes`, in a PATCH."""
        if isinstance(schema, list):
            return [self.sent(part, changes) for part in schema]
        if not isinstance(schema, dict):
            return schema
        name = self.named(schema)
        if name is not None:
            is_other = name not in IDS and (changes or self.differs(schema))
            return {**schema, '$ref': PREFIX + self.sent_name(name, changes)} if is_other else dict(schema)
        left_out = {'default', 'example', 'examples', 'properties'}
        result = {key: self.sent(part, changes) for key, part in schema.items() if key not in left_out}
        if 'properties' in schema:
            # Only the outermost object of a PATCH is merged; a list in it is replaced whole.
            mine = {key: part for key, part in schema['properties'].items() if not self.is_read_only(part)}
            result['properties'] = {key: self.changed(part) if changes else self.sent(part) for key, part in mine.items()}
            result['required'] = [] if changes else [key for key in schema.get('required', []) if key in mine]
        return result

    def changed(self, schema):
        """What may be sent of a property in a PATCH: null gives it its default back."""
        return {'anyOf': [self.sent(schema), {'type': 'null'}]} if 'default' in schema else self.sent(schema)

    def sent_name(self, name, changes=False):
        other = f'{name}Changes' if changes else f'New{name}' if name in self.coming_back else name
        if other not in self.for_sending:
            self.for_sending.add(other)
            self.schemas[other] = self.sent(self.schemas[name], changes)
        return other

    def write_out_wholes(self):
        """An object that is another, and more, becomes one object; what is no object keeps no default."""
        for name, schema in self.schemas.items():
            if 'allOf' in schema:
                parts = [self.schemas.get(self.named(part), part) for part in schema.pop('allOf')]
                schema['type'] = 'object'
                schema['properties'] = copy.deepcopy({key: value for part in parts for key, value in part.get('properties', {}).items()})
                schema['required'] = sorted({key for part in parts for key in part.get('required', [])})
            if 'properties' not in schema:
                schema.pop('default', None)

    def write_out_bodies(self):
        for path in self.document['paths'].values():
            for method in METHODS & path.keys():
                content = path[method].get('requestBody', {}).get('content', {})
                for media_type in list(content):
                    if media_type != 'application/json':
                        del content[media_type]
                for media in content.values():
                    media['schema'] = self.sent(media['schema'], method == 'patch')

    def replies(self):
        yield self.document['components'].get('responses', {})
        for path in self.document['paths'].values():
            for method in METHODS & path.keys():
                yield path[method]['responses']

    def note_what_comes_back(self, node):
        name = self.named(node)
        if name is not None and name not in self.coming_back:
            self.coming_back.add(name)
            self.note_what_comes_back(self.schemas[name])
        for part in node if isinstance(node, list) else node.values() if isinstance(node, dict) else ():
            self.note_what_comes_back(part)

    def write_out_references(self, node):
        """In all but what is sent, a reference is an id."""
        if self.named(node) in IDS:
            node.update(IDS[self.named(node)])
            del node['$ref']
        for part in node if isinstance(node, list) else node.values() if isinstance(node, dict) else ():
            self.write_out_references(part)

    def leave_out(self):
        paths = self.document['paths']
        for path in list(paths):
            if any(path == page or path.startswith(page + '/') for page in LEFT_OUT):
                del paths[path]


def main():
    contract = Contract(json.load(sys.stdin))
    contract.document['info']['version'] = sys.argv[1]
    contract.leave_out()
    contract.write_out_wholes()
    for reply in contract.replies():
        contract.note_what_comes_back(reply)
    contract.write_out_bodies()
    for reply in contract.replies():
        contract.write_out_references(reply)
    for name in contract.coming_back:
        contract.write_out_references(contract.schemas[name])
    json.dump(contract.document, sys.stdout, indent=1, ensure_ascii=False)


main()
