using CsCheck;
using EmailTracking.Client.PastEmails;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Intake;
using EmailTracking.Organizations;
using EmailTracking.Tests.Unit.Mime;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

/// <summary>Emails of an export of Dataverse: from a row to a message, and from a file to deliveries and acts.</summary>
public sealed class PastEmailTests : IDisposable
{
    private const string Id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    private const string Index = "AdF1AAAAAAAAAAAAAAAAAAAAAAAAAA==";

    private static readonly PastEmailLines Lines = new(new KnownTables([]), ["CRM:"]);
    private readonly FakeCluster _cluster = new()
    {
        Answer = (count, _) => Task.FromResult(new DeliveryAnswer(Outcome.Tracked, ReasonCode.AcceptAll, true, Rows.Activity(count), Rows.Conversation, null)),
    };

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_becomes_a_message_that_reads_as_the_row()
    {
        var headers = AMail.Headers(Message($$"""
            {"logicalname":"email","messageid":"<1@contoso.com>","inreplyto":"<0@fabrikam.com>","conversationindex":"{{Index}}",
            "trackingtoken":"CRM:0001001","subject":"Schreibtische für Zürich","senton":"2025-01-31T08:00:00Z","sender":"Ana <ana@contoso.com>",
            "torecipients":"bo@fabrikam.com;cy@fabrikam.com;","ccrecipients":["di@fabrikam.com"],"directioncode":true}
            """));

        Assert.Equal(("<1@contoso.com>", "<0@fabrikam.com>", Index), (headers.MessageId, headers.InReplyTo, headers.ThreadIndex));
        Assert.Equal("Schreibtische für Zürich CRM:0001001", headers.Subject);
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 8, 0, 0, TimeSpan.Zero), headers.Date);
        Assert.Equal(
            ["Sender ana@contoso.com", "ToRecipient bo@fabrikam.com", "ToRecipient cy@fabrikam.com", "CcRecipient di@fabrikam.com"],
            headers.Participants.Select(one => $"{one.Type} {one.Address}"));
    }

    [Theory]
    [InlineData("01D175000000000000000000000000000000000000000000", null)]
    [InlineData("01d17500000000000000000000000000000000000000",     Index)]
    [InlineData("01D17500000000000000000000000000000000000000",     Index)]
    [InlineData(Index,                                               Index)]
    [InlineData("AAAA",                                              null)]
    public void A_conversation_index_is_read_from_hexadecimal_digits_and_from_base64(string text, string? index) =>
        Assert.Equal(index, ConversationIndex.Read(text));

    [Theory]
    [InlineData("Desks",                 "CRM:0001001",  "Desks CRM:0001001")]
    [InlineData("Desks CRM:0001001",     "CRM:0001001",  "Desks CRM:0001001")]
    [InlineData("crm: 0001001 Desks",    "CRM:0001001",  "crm: 0001001 Desks")]
    [InlineData("Desks CRM:00010012",    "CRM:0001001",  "Desks CRM:00010012 CRM:0001001")]
    [InlineData("",                      "CRM:0001001",  "CRM:0001001")]
    public void A_token_is_put_behind_a_subject_that_lacks_it(string subject, string token, string written) =>
        Assert.Equal(written, Parse(Row(("subject", subject), ("trackingtoken", token))).Subject);

    [Fact]
    public void A_token_is_not_cut_off_a_long_subject()
    {
        var headers = AMail.Headers(HeaderMessage.Write(Parse(Row(("subject", new string('x', 900)), ("trackingtoken", "CRM:0001001")))));

        Assert.Equal(BaseSubject.LengthMax, headers.Subject.Length);
        Assert.EndsWith("x CRM:0001001", headers.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("messageid",         "no id",                    "messageid 'no id' is no id")]
    [InlineData("messageid",         "a@b>c",                    "messageid 'a@b>c' is no id")]
    [InlineData("conversationindex", "?",                        "conversationindex is neither base64 nor")]
    [InlineData("trackingtoken",     "REF:0001001",              "trackingtoken 'REF:0001001' begins with no prefix")]
    [InlineData("senton",            "yesterday",                "senton is a date")]
    [InlineData("senton",            "",                         "senton is missing")]
    [InlineData("sender",            "",                         "sender is missing")]
    [InlineData("sender",            "a@b.c;d@e.f",              "sender names 2 addresses")]
    [InlineData("torecipients",      "bo",                       "torecipients 'bo' is no address")]
    [InlineData("ccrecipients",      "a@b.c;\r\nBcc: x@y.z",     "is no address")]
    [InlineData("directioncode",     "out",                      "directioncode is true or false")]
    [InlineData("regardingobjectid", "incident",                 "regardingobjectid 'incident' is no record")]
    [InlineData("regardingobjectid", "new_site/" + Id,           "there is no table new_site. Describe it first")]
    [InlineData("logicalname",       "contact",                  "logicalname is email in every row")]
    public void A_row_that_is_wrong_says_what_is_wrong(string field, string value, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => Parse(Row((field, value)))).Message, StringComparison.Ordinal);

    [Fact]
    public void No_value_becomes_a_header_of_its_own() =>
        Gen.Select(Texts, Texts, Texts).Sample(
            (one, other, third) =>
            {
                PastEmail email;
                try
                {
                    email = Parse(Row(("subject", one), ("messageid", $"<{other}@x>"), ("inreplyto", $"<{third}>"), ("torecipients", $"{other}@x.y")));
                }
                catch (FormatException)
                {
                    return;
                }

                var headers = AMail.Headers(HeaderMessage.Write(email));
                Assert.Equal(email.MessageId, MessageId.TryParse(headers.MessageId, out var id) ? id : null);
                Assert.Equal(email.InReplyTo.AsEnumerable(), MessageId.ParseAll(headers.InReplyTo));
                Assert.Equal(email.Subject, headers.Subject);
                Assert.Equal(email.SentOn, headers.Date);
                Assert.DoesNotContain(headers.Participants, party => party.Address?.Value == "evil@x.y");
            },
            iter: 2_000);

    [Fact]
    public async Task Emails_are_delivered_by_direction_and_then_tied_to_their_records()
    {
        string[] lines =
        [
            $$"""{"logicalname":"email","messageid":"<1@contoso.com>","senton":"2025-01-31","sender":"ana@contoso.com","to":["bo@b.c"],"directioncode":true,"regardingobjectid":"incident/{{Id}}","colour":"red"}""",
            """{"logicalname":"email","messageid":"<2@b.c>","inreplyto":"<1@contoso.com>","createdon":"2025-02-01","from":"bo@b.c","torecipients":"ana@contoso.com"}""",
        ];

        var first = await LoadAsync(lines);
        var again = await LoadAsync(lines);

        Assert.Equal((0, 0), (first.Code, again.Code));
        Assert.Contains("Loaded 2 emails: 2 are new, the others were there. 1 are about a record.", first.Output, StringComparison.Ordinal);
        Assert.Contains("Fields that are not read: colour", first.Output, StringComparison.Ordinal);
        Assert.Equal(["Inbox", "Sent Items"], _cluster.Delivered.Take(2).Select(one => one.Delivery.Folder).Order(StringComparer.Ordinal));
        Assert.Equal(2, _cluster.Delivered.Select(one => one.Delivery.OperationId).Distinct().Count());
        Assert.Equal(2, _cluster.Delivered.Select(one => Convert.ToHexString(one.Content)).Distinct().Count());

        var act = _cluster.Acts[0];
        Assert.Equal((ActKind.Regarding, "dataverse", new RecordReference("incident", Guid.Parse(Id))), (act.Kind, act.By, act.Record!.Value));
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 0, 0, 0, TimeSpan.Zero), act.On);
        var mailbox = Assert.Single(_cluster.Mailboxes.Values);
        Assert.Equal((true, FilterMethod.All, "Sent Items"), (mailbox.IsQueue, mailbox.Filter, Assert.Single(mailbox.Folders).Name));
    }

    [Fact]
    public async Task With_one_wrong_line_nothing_is_delivered()
    {
        var ran = await LoadAsync(
            """{"logicalname":"email","senton":"2025-01-31","sender":"ana@contoso.com"}""", """{"logicalname":"email","senton":"2025-01-31"}""");

        Assert.Equal(1, ran.Code);
        Assert.Contains("line 2: sender is missing", ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Delivered);
        Assert.Empty(_cluster.Mailboxes);
    }

    [Fact]
    public async Task What_is_refused_of_one_email_is_told_by_its_line_and_the_others_go_on()
    {
        _cluster.ActAnswer = ActAnswer.Refused("There is no record.");

        var ran = await LoadAsync(
            """{"logicalname":"email","senton":"2025-01-31","sender":"ana@contoso.com"}""",
            $$"""{"logicalname":"email","senton":"2025-01-31","sender":"bo@contoso.com","regardingobjectid":"contact/{{Id}}"}""");

        Assert.Equal(2, ran.Code);
        Assert.Contains("line 2: There is no record.", ran.Errors, StringComparison.Ordinal);
        Assert.Equal(2, _cluster.Delivered.Count);
    }

    [Theory]
    [InlineData(false, FilterMethod.All,     true,  "no queue's that takes all mail")]
    [InlineData(true,  FilterMethod.Replies, true,  "no queue's that takes all mail")]
    [InlineData(true,  FilterMethod.All,     false, "does not track what lies in its Sent Items")]
    public async Task A_mailbox_that_would_leave_mail_out_is_refused(bool isQueue, FilterMethod filter, bool tracksSent, string problem)
    {
        var address = Rows.Address("past@contoso.com");
        _cluster.Mailboxes[address] = new(address, null, isQueue, filter, tracksSent ? [new TrackingFolder("Sent Items", null)] : []);

        var ran = await LoadAsync("""{"logicalname":"email","senton":"2025-01-31","sender":"ana@contoso.com","directioncode":true}""");

        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Delivered);
    }

    // Pieces that would end a header, begin one, or be decoded.
    private static readonly Gen<string> Texts = Gen.OneOfConst(
        "\r\n", "\n", "\r", "\0", " ", "\t", "To: evil@x.y", "\r\nTo: evil@x.y\r\n", "=?utf-8?Q?a?=", "=?", "?=", "ü", "\u2028", "\u0085", "a", "<", ">", "@", "\ud83d\ude00", ",", "\"", "(")
        .Array[0, 12].Select(string.Concat);

    private static RecordRow Row(params (string Field, string Value)[] changed)
    {
        var fields = new Dictionary<string, string[]>
        {
            ["logicalname"] = ["email"], ["senton"] = ["2025-01-31T08:00:00Z"], ["sender"] = ["ana@contoso.com"],
        };
        foreach (var (field, value) in changed)
        {
            fields[field] = value.Trim().Length > 0 ? [value.Trim()] : [];
        }

        return new RecordRow(1, fields, null);
    }

    private static PastEmail Parse(RecordRow row) => Lines.Parse(row);

    private static byte[] Message(string json) => HeaderMessage.Write(
        Parse(JsonRows.Read(new StringReader(json.ReplaceLineEndings(" "))).Single()));

    private Task<Ran> LoadAsync(params string[] lines) => Shell.RunAsync(
        _cluster, "records", "emails", _folder.Write("emails.jsonl", string.Join('\n', lines)), "--mailbox", "past@contoso.com");
}
