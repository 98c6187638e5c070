"""The conversation, written once for every mouth; `answer.answer` is its way in."""
