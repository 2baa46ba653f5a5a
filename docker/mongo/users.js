// Creates the user of the gateway, at the first start of an empty server. Run it again after a change of the password or of this
// file: see docs/backends.md, "Passwords".
const name = 'gateway';
const admin = db.getSiblingDB('admin');
const rights = {
  privileges: [
    {
      resource: { db: 'fincart_events', collection: '' },
      actions: ['find', 'insert', 'update', 'remove', 'listIndexes', 'createIndex', 'dropIndex', 'collMod'],
    },
  ],
  roles: [],
};
const user = { pwd: require('fs').readFileSync('/run/secrets/mongo_password', 'utf8').trim(), roles: [name] };

if (admin.getRole(name)) admin.updateRole(name, rights);
else admin.createRole({ role: name, ...rights });
if (admin.getUser(name)) admin.updateUser(name, user);
else admin.createUser({ user: name, ...user });
