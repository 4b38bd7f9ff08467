"""The Python client, as it is packed, against the server. READOUT_BINARY is the program."""

import asyncio
import datetime
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from readout_client import AuthenticatedClient, Client
from readout_client.api.claims import create_claims, delete_claim, get_claim, list_claims, update_claim
from readout_client.api.meetings import list_meetings
from readout_client.models import Claim, ClaimChanges, ClaimList, NewClaim, Problem

BINARY = os.environ.get('READOUT_BINARY', 'build/readout')


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='readout-client-')
        self.database = os.path.join(self.folder, 'readout.db')
        self.process = subprocess.Popen([BINARY, 'serve', '--demo', '--listen', '127.0.0.1:0', '--database', self.database, '--log', 'off'],
                                        stdout=subprocess.PIPE, text=True)
        self.url = re.search(r'http:\S+', self.process.stdout.readline()).group()

    def make_key(self, name):
        return subprocess.run([BINARY, 'keys', 'create', name, 'scope=write', '--database', self.database],
                              capture_output=True, text=True, check=True).stdout.strip()

    def stop(self):
        self.process.terminate()
        self.process.communicate()
        shutil.rmtree(self.folder)


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.readout = AuthenticatedClient(base_url=cls.server.url, token=cls.server.make_key('Client'))

    def test_a_list_comes_as_it_is_asked_for(self):
        claims = list_claims.sync(client=self.readout, topic=['missiles', 'exercises'], said_on_gte=datetime.date(2022, 1, 8),
                                  stance_ne='denies', expand=['speaker', 'reports.article'])
        self.assertIsInstance(claims, ClaimList)
        self.assertGreater(len(claims.items), 2)
        for claim in claims.items:
            self.assertTrue({'missiles', 'exercises'} & set(claim.topics))
            self.assertEqual(claim.speaker.id, claim.speaker_id)
            self.assertTrue(claim.reports[0].article.title)
            self.assertIsInstance(claim.said_on, datetime.date)

    def test_paging_goes_to_the_end(self):
        ids, more = [], {}
        while True:
            page = list_claims.sync(client=self.readout, limit=5, count='exact', **more)
            ids += [claim.id for claim in page.items]
            if page.next_cursor is None:
                break
            more = {'cursor': page.next_cursor}
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(len(ids), page.total)

    def test_what_is_created_is_changed_and_deleted(self):
        made = create_claims.sync(client=self.readout, body=NewClaim(text='The talks go on.', topics=['talks']), idempotency_key='python-1')
        self.assertIsInstance(made, Claim)
        etag = f'"c{made.id}-1"'
        changed = update_claim.sync(made.id, client=self.readout, body=ClaimChanges(stance='expects'), if_match=etag)
        self.assertEqual((changed.stance, changed.version, changed.topics), ('expects', 2, ['talks']))
        late = update_claim.sync(made.id, client=self.readout, body=ClaimChanges(stance='warns'), if_match=etag)
        self.assertIsInstance(late, Problem)
        self.assertEqual((late.status, late.code), (412, 'precondition-failed'))
        self.assertEqual(delete_claim.sync_detailed(made.id, client=self.readout).status_code, 204)
        self.assertEqual(get_claim.sync(made.id, client=self.readout).code, 'gone')

    def test_what_is_wrong_comes_as_a_problem(self):
        problem = list_claims.sync(client=self.readout, limit=100000)
        self.assertIsInstance(problem, Problem)
        self.assertEqual((problem.code, problem.errors[0].parameter), ('invalid-parameter', 'limit'))

    def test_without_a_key_nothing_is_given_away(self):
        self.assertEqual(list_claims.sync_detailed(client=Client(base_url=self.server.url)).status_code, 401)

    def test_it_can_be_asked_asynchronously(self):
        meetings = asyncio.run(list_meetings.asyncio(client=self.readout))
        self.assertTrue(any(meeting.city == 'Geneva' for meeting in meetings.items))


if __name__ == '__main__':
    unittest.main()
