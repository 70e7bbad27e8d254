"""Message templates: their texts by version, and how each gateway knows them."""

from tortoise import fields
from tortoise.models import Model

from storage.models import columns


class Template(Model):
    code = fields.CharField(max_length=40, primary_key=True)
    notice_class = columns.word()  # answer duty legal reminder news
    parameters = fields.TextField()  # JSON list of names, in order
    channels = fields.TextField()  # JSON list
    editable = fields.BooleanField(default=True)

    class Meta:
        table = "templates"


class TemplateVersion(Model):
    """One wording for one channel, `text` carries the parameters as ${name}.

    Said are only approved ones, of those the newest.
    """

    id = columns.identity()
    code = fields.CharField(max_length=40)
    channel = columns.word()
    version = fields.IntField()
    text = fields.TextField()
    author = fields.CharField(max_length=40)
    at = columns.moment()
    state = columns.word(db_default="approved")  # waiting approved refused replaced
    decided_by = fields.CharField(max_length=40, db_default="")  # empty: nobody had to
    decided_at = columns.moment(null=True)
    reason = fields.CharField(max_length=200, db_default="")  # why it was refused, else empty

    class Meta:
        table = "template_versions"
        unique_together = (("code", "channel", "version"),)


class TemplateBinding(Model):
    """The provider's id of a template, and which of its fields takes which parameter (in order)."""

    id = columns.identity()
    code = fields.CharField(max_length=40)
    gateway = columns.word()  # wechat subscribe aliyun http
    external_id = fields.CharField(max_length=100)
    fields_json = fields.TextField()  # [[field, parameter], ...]
    approval = columns.word()  # unknown pending approved refused
    reason = fields.CharField(max_length=200)  # why it was refused, else empty
    at = columns.moment()

    class Meta:
        table = "template_bindings"
        unique_together = (("code", "gateway"),)


__models__ = [Template, TemplateVersion, TemplateBinding]
