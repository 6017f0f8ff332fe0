"""Input: each message of the connection that it goes on. It arrives once and in order, or the run says that it did not."""
from tests.faults.walk.conversation import INPUT, READS_INPUT, SENDING
from tests.faults.walk.model import expect_of_input
from tests.faults.walk.one_walk import Walk


class SendWalk(Walk):
    command, output = READS_INPUT, INPUT  # The command gives back what it got, all of it and as it came.
    lane = 2

    def __init__(self, index):
        super().__init__(index, SENDING, False)

    def expect(self, message, fault):
        return expect_of_input(message, fault)

    def files(self):
        return {"input": INPUT}

    def more_words(self):
        return ["--stdin", "input"]
