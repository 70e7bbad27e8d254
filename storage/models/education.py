"""The education library, the year's plan, and what was answered to quiz questions."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class EducationItem(Model):
    """A text to remind with, or a fictional case to learn from."""

    id = fields.CharField(max_length=20, primary_key=True)  # as the library's file names it
    kind = columns.word()  # festival rule risk case
    tag = fields.CharField(max_length=40)  # a festival, a law, a subject
    risk_area = fields.CharField(max_length=20)
    audience = fields.CharField(max_length=80)  # in words, as the library says it
    education_type = fields.CharField(max_length=20)
    title = fields.CharField(max_length=60, default="")  # of a case
    text = fields.TextField()  # what is sent
    body = fields.TextField(default="")  # JSON of a case in full
    forms = fields.TextField()  # JSON: 短信 微信 卡片 标语 警句
    changed_at = columns.moment()

    class Meta:
        table = "education_items"
        indexes = (("tag", "id"),)


class QuizQuestion(Model):
    """A question about an item. `answer` is the number of the right option, from 1."""

    id = fields.CharField(max_length=30, primary_key=True)
    item_id = fields.CharField(max_length=20, db_index=True)
    question = fields.TextField()
    options = fields.TextField()  # JSON
    answer = fields.IntField()
    explanation = fields.TextField(default="")
    changed_at = columns.moment()

    class Meta:
        table = "quiz_questions"


class QuizAnswer(Model):
    """The first answer of a person to a question, which alone counts."""

    id = columns.identity()
    person_id = columns.reference()
    question_id = fields.CharField(max_length=30)
    chosen = fields.IntField()
    is_right = fields.BooleanField()
    at = columns.moment()

    class Meta:
        table = "quiz_answers"
        unique_together = (("person_id", "question_id"),)


class PlanLine(Model):
    """One lesson of a year: what, on which day, to whom, in which form, and who sees to it."""

    id = columns.identity()
    year = fields.IntField()
    day = columns.day()
    item_id = fields.CharField(max_length=20)
    audience = fields.CharField(max_length=200)  # an expression
    form = columns.word()  # 微信 短信 卡片 标语
    owner = fields.CharField(max_length=40, default="")
    state = columns.word()  # planned sent missed removed
    campaign_id = columns.reference(null=True)
    note = fields.CharField(max_length=120, default="")  # why it was not sent
    made_at = columns.moment()

    class Meta:
        table = "education_plan"
        unique_together = (("day", "item_id", "audience"),)
        indexes = (("state", "day"),)


__models__ = [EducationItem, QuizQuestion, QuizAnswer, PlanLine]
