using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;

namespace EmailTracking.Queries;

/// <summary>What the values of a trace are called.</summary>
/// <param name="Emails">Emails by key.</param>
/// <param name="Records">Names of records.</param>
public sealed record TraceNames(
    IReadOnlyDictionary<MessageKey, EmailRow> Emails, IReadOnlyDictionary<RecordReference, string> Records)
{
    /// <summary>Reads what the values of a trace are called now.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="findEmail">Finds an email by its key.</param>
    /// <param name="readRecords">Reads records.</param>
    /// <param name="activity">The email itself, which may be about a record that became another one; null when that is not asked.</param>
    public static async Task<TraceNames> ReadAsync(
        ImmutableArray<TraceEntry> trace,
        Func<MessageKey, Task<EmailRow?>> findEmail,
        Func<ImmutableArray<RecordReference>, Task<ImmutableArray<CrmRecord>>> readRecords,
        ActivityRow? activity = null)
    {
        ArgumentNullException.ThrowIfNull(findEmail);
        ArgumentNullException.ThrowIfNull(readRecords);
        var emails = new Dictionary<MessageKey, EmailRow>();
        var records = new HashSet<RecordReference>();
        foreach (var value in trace.SelectMany(entry => entry.Values).Distinct())
        {
            if (MessageKey.TryParse(value, out var key) && await findEmail(key) is { } row)
            {
                emails[key] = row;
            }
            else if (RecordReference.TryParse(value, out var record))
            {
                records.Add(record);
            }
        }

        if (activity is { RegardingFate: { } fate, State.Regarding: { } decided })
        {
            records.UnionWith([decided.Record, fate.Successor ?? decided.Record]);
        }

        var known = await readRecords([.. records]);
        return new TraceNames(emails, known.ToDictionary(record => record.Facts.Reference, record => record.Name));
    }

    /// <summary>An email in words: its subject and sender.</summary>
    public string Email(string key) => MessageKey.TryParse(key, out var parsed) && Emails.TryGetValue(parsed, out var row) &&
        row.Activity is { } activity
            ? $"\u201c{activity.Subject}\u201d from {activity.Sender?.Value ?? "an unknown sender"}"
            : "a mail that nobody has shown us";

    /// <summary>A record in words: its table and name.</summary>
    public string Record(string reference) => RecordReference.TryParse(reference, out var parsed)
        ? $"{parsed.LogicalName} {Records.GetValueOrDefault(parsed, parsed.Id.ToString("D"))}"
        : reference;
}

/// <summary>The one renderer of traces: for the command line, the API and the page alike.</summary>
public static class TraceWords
{
    /// <summary>The reasons of an email in sentences, the outcome first.</summary>
    /// <param name="email">The email.</param>
    /// <param name="decisions">What was decided in each mailbox.</param>
    /// <param name="trace">The trace of the email itself.</param>
    /// <param name="names">What the values of the traces are called.</param>
    /// <param name="foldersFirst"><see cref="AcceptanceSettings.PutsFoldersFirst"/>, as it is now.</param>
    public static ImmutableArray<string> Of(
        EmailRow email, ImmutableArray<DecisionRow> decisions, ImmutableArray<TraceEntry> trace, TraceNames names, bool foldersFirst)
    {
        ArgumentNullException.ThrowIfNull(email);
        var byFolder = foldersFirst && trace.Any(IsOfFolder);
        return
        [
            Headline(email),
            .. decisions.SelectMany(decision => decision.Trace.Select(entry => Sentence(entry, names))),
            .. trace.Select(entry => Sentence(entry, names) + Offer(entry, email.Activity, byFolder)),
            .. Fate(email.Activity, names),
        ];
    }

    // What was overruled is one command away, unless a folder goes before what people say.
    private static string Offer(TraceEntry entry, ActivityRow? activity, bool byFolder) =>
        entry is not { Code: TraceCode.RegardingOverruled, Values: [_, var record, ..] } || activity is null ? ""
        : byFolder ? $" To choose it, move the mail to a tracked folder that is about {record}: TrackedFolderRegardingFirst puts folders first."
        : $" To choose it: emailtracking regarding {activity.ActivityId} {record}";

    private static bool IsOfFolder(TraceEntry entry) =>
        entry is { Code: TraceCode.RegardingSet or TraceCode.RegardingOverruled, Values: [nameof(RegardingSource.Folder), ..] };

    /// <summary>A reason code in words.</summary>
    public static string Of(ReasonCode reason) => reason switch
    {
        ReasonCode.Duplicate => "the same copy was seen before",
        ReasonCode.NoCorrelationMatch => "the mailbox wants only answers to tracked mail, and this answers none",
        ReasonCode.CorrelationMatch => "it answers tracked mail",
        ReasonCode.NoRecipientMatch => "no recipient is a user or queue",
        ReasonCode.InternalEmailReject => "the other copy of this internal mail is tracked",
        ReasonCode.SenderMatch => "the sender is a record of a kind that the mailbox wants",
        ReasonCode.AcceptAll => "the mailbox takes all mail",
        ReasonCode.InvalidSender => "the sender has no address that can be read",
        ReasonCode.FilterNone => "the mailbox takes no mail by itself",
        ReasonCode.NoSenderMatch => "the sender is no record of a kind that the mailbox wants",
        ReasonCode.FolderRule => "it lies in a tracked folder",
        ReasonCode.SentItemsOff => "sent mail is not tracked here",
        ReasonCode.RecipientMatch => "a recipient is a record of a kind that the mailbox wants",
        ReasonCode.WaitsForParent => "what it answers is not tracked yet; it is decided again when that is",
        ReasonCode.TrackedByHand => "a person tracked it",
        ReasonCode.UntrackedByHand => "a person took it out",
        ReasonCode.Erased => "it was erased: only digests of it are kept",
        ReasonCode.ConversationStopped => "a person stopped its conversation before it was received",
        ReasonCode.NeverTracked => "somebody takes part whose mail nothing may track",
        ReasonCode.BlockedSender => "the organization's list keeps the other side out",
        ReasonCode.BlockedByMailbox => "the mailbox's own list keeps the other side out",
        ReasonCode.InternalOnly => "only our own users and queues take part",
        ReasonCode.ExcludedHeader => "a header marks it as mail to be left out",
        ReasonCode.ExcludedKeyword => "its subject has a word of mail to be left out",
        ReasonCode.RequiredHeaderMissing => "it lacks the header that mail needs to be tracked",
        ReasonCode.AutoTrackingOff => "no filter tracks anything in this organization",
        ReasonCode.SharedSender => "several records have the sender's address",
        ReasonCode.OutsideInbox => "it lies in a folder that is not tracked, and filters look at the Inbox only",
        ReasonCode.ContentNeeded => "only its headers were read",
        ReasonCode.Contended => "other changes came first each time; it is decided again shortly",
        ReasonCode.NotMail => "it is no mail",
        ReasonCode.TooLarge => "it is larger than allowed",
        ReasonCode.Poison => "the store refused it; it is kept as a dead letter",
        ReasonCode.UnknownMailbox => "there is no such mailbox",
        _ => "it is not decided yet",
    };

    /// <summary>A filter in words, as Dynamics names it.</summary>
    public static string Of(FilterMethod filter) => filter switch
    {
        FilterMethod.All => "all email messages",
        FilterMethod.Replies => "email messages in response to tracked email",
        FilterMethod.LeadsContactsAccounts => "email messages from leads, contacts and accounts",
        FilterMethod.EmailEnabledRecords => "email messages from records that are email enabled",
        _ => "no email messages",
    };

    private static string Headline(EmailRow email) => email.Outcome == Outcome.Tracked
        ? $"Tracked: {Of(email.Reason)}."
        : $"{email.Outcome}: {Of(email.Reason)}.";

    // What became of the record that it was decided to be about: nothing is decided again for that.
    private static IEnumerable<string> Fate(ActivityRow? activity, TraceNames names)
    {
        if (activity is not { RegardingFate: { } fate, State.Regarding: { } decided })
        {
            yield break;
        }

        if (fate.Successor is { } successor)
        {
            yield return $"{names.Record(decided.Record.ToString())} became {names.Record(successor.ToString())} since: that is what it is about.";
        }

        if (fate.DeletedOn is { } deletedOn)
        {
            yield return $"{names.Record((fate.Successor ?? decided.Record).ToString())} was deleted on {deletedOn:u}: it is about nothing now.";
        }
    }

    private static string Sentence(TraceEntry entry, TraceNames names)
    {
        string Value(int index) => index < entry.Values.Length ? entry.Values[index] : "";
        return entry.Code switch
        {
            TraceCode.FirstSeen => "Nobody had shown us mail of this id before.",
            TraceCode.SameEmail => "This is another copy of an email that we have: same id, near date, same sender or subject.",
            TraceCode.ReusedId => "Its id belongs to other mail already (another date, sender or subject), so it is an activity of its own.",
            TraceCode.FilterAsked => $"Mailbox {Value(0)} (filter: {Filter(Value(1))}) {Value(3)} it: {Of(Reason(Value(2)))}.",
            TraceCode.FilterForced => $"The mailbox's own filter is not asked ({Filter(Value(0))}): the organization forces one on all users.",
            TraceCode.ArrivedByMove => $"It was moved to {Value(0)} from another folder, some time after it was received.",
            TraceCode.NotAddressed => $"Mailbox {Value(0)} is not named among the recipients: it got the mail by Bcc, a list or an alias.",
            TraceCode.SenderIs => Value(0).Length > 0 ? $"The sender is: {Value(0)}." : "No record has the sender's address.",
            TraceCode.AnswersUntracked => $"The nearest thing: it answers <{Value(0)}>, which is not tracked.",
            TraceCode.AcceptedBy => $"Mailbox {Value(0)} stands for all that accepted it.",
            TraceCode.Correlated => $"It belongs to {names.Email(Value(1))}: {Evidence(Value(0), Value(2))}.",
            TraceCode.AlsoFound => $"Also found, and overruled: {names.Email(Value(1))}, because {Evidence(Value(0), Value(2))}.",
            TraceCode.NotJoined => $"It names {names.Email(Value(1))} as well, where its sender has no ground: not joined.",
            TraceCode.NamesUnseen => $"It names {Value(0)} ids of mail that nobody has shown us.",
            TraceCode.StandsAlone => "Nothing ties it to another mail: it starts a conversation.",
            TraceCode.TokenNotBelieved => TokenSentence(Value(0), Value(1)),
            TraceCode.Admitted => Admitted(Value(0)),
            TraceCode.RegardingSet => $"It is about {names.Record(Value(1))}: {Source(Value(0), Value(2), names)}.",
            TraceCode.RegardingOverruled => $"Overruled: {names.Record(Value(1))} ({Source(Value(0), "", names)}).",
            TraceCode.RegardingWithheld => $"What it answers is about {names.Record(Value(0))}; its sender has no ground there to take that.",
            TraceCode.RegardingNone => "Nothing says what it is about.",
            TraceCode.TrackedByHand => $"{Value(0)} tracked it by hand on {Value(1)}.",
            TraceCode.SenderChosen => Chosen(entry.Values, names),
            TraceCode.RecipientShared => $"Recipient {Value(0)} is {Value(1)} records.",
            TraceCode.SenderCreated => $"No record had the sender's address: it became {names.Record(Value(0))}.",
            TraceCode.RegardingProposed =>
                $"By its sender it may be about {string.Join(" or ", entry.Values.Select(names.Record))}; say so with: emailtracking regarding",
            TraceCode.LeftOut => Reason(Value(0)) switch
            {
                ReasonCode.UntrackedByHand => $"{Value(1)} took it out by hand on {Value(2)}.",
                ReasonCode.Erased => $"{Value(1)} erased it on {Value(2)}: only digests of it are kept.",
                _ => $"{Value(1)} stopped its conversation on {Value(2)}, before it was received.",
            },
            TraceCode.LinkedLater => $"{Value(0)}: linked later, on {Value(2)}, to {names.Record(Value(1))}.",
            TraceCode.RuleFired => $"Rule {Value(0)} (version {Value(1)}), item {Value(2)}: it became {names.Record(Value(3))}.",
            TraceCode.RuleAlsoMatches => $"Item {Value(0)} of the rule matches as well ({Value(1)}): skipped, the first that matches decides.",
            TraceCode.RuleSkipped => RuleWords.Skipped(Value(0), Value(1), Value(2), names.Record(Value(3))),
            TraceCode.RuleCustomer => RuleWords.Customer(names.Record(Value(0)), Value(1), Value(2)),
            TraceCode.RuleRelated => $"It still goes to queue {Value(1)}, where what it answers became {names.Record(Value(0))}: it is about that.",
            TraceCode.UnlinkedLater => $"{Value(0)}: no longer linked to {names.Record(Value(1))} since {Value(2)}.",
            _ => entry.Code.ToString(),
        };
    }

    private static string Chosen(ImmutableArray<string> values, TraceNames names)
    {
        var others = values.Length > 3 ? $" Others: {string.Join(", ", values.Skip(3).Select(names.Record))}." : "";
        return values[1] switch
        {
            nameof(ChoiceRule.TooMany) => $"The sender is nobody: more than {Parties.MatchesMax} records have its address.",
            nameof(ChoiceRule.LeftOpen) => $"The sender is left open: {values[2]} records have its address, and the settings choose none.{others}",
            var rule => $"{values[2]} records have the sender's address; {names.Record(values[0])} was taken: {Why(rule)}.{others}",
        };
    }

    private static string Why(string rule) => rule switch
    {
        nameof(ChoiceRule.Owned) => "it belongs to the user or queue that accepted the mail",
        nameof(ChoiceRule.Active) => "it is active",
        nameof(ChoiceRule.Table) => "its table comes first",
        nameof(ChoiceRule.Earliest) => "it was created first",
        nameof(ChoiceRule.Chosen) => "a person chose it",
        _ => "they differ in nothing, and its id is the lowest",
    };

    private static string TokenSentence(string token, string conversations) => conversations == "0"
        ? $"Its subject carries the token {token}, which no mail of ours carries."
        : $"Its subject carries the token {token} of {conversations} conversation(s); its sender has no ground there, or there are several: only mentioned.";

    private static string Evidence(string kind, string shared) => (kind, shared) switch
    {
        (nameof(ClaimKind.InReplyTo), "named") => "In-Reply-To names it",
        (nameof(ClaimKind.References), "named") => "References names it",
        (nameof(ClaimKind.Token), _) => "a tracking token in the subject stands for it",
        (nameof(ClaimKind.ThreadIndex), _) => "both have the same Thread-Index",
        (nameof(ClaimKind.OtherCopy), "named") => "another copy of this mail names it",
        _ => "both answer a mail that nobody has shown us",
    };

    private static string Admitted(string admission) => admission switch
    {
        nameof(Admission.Held) => "It is held: its sender took part in none of the mails that it names, nor did a colleague.",
        nameof(Admission.Starts) => "It may speak: it starts a conversation.",
        nameof(Admission.AnswersUnseen) => "It may speak: what it answers was never shown to us.",
        nameof(Admission.Ground) => "It may speak: its sender, a colleague or its list took part in a mail that it names.",
        nameof(Admission.ByHand) => "It may speak: a person admitted it.",
        _ => "It may speak.",
    };

    private static string Source(string source, string email, TraceNames names) => source switch
    {
        nameof(RegardingSource.ByHand) => "a person said so",
        nameof(RegardingSource.ByHandHere) => "a person said so, for this email alone",
        nameof(RegardingSource.Token) => $"so is the conversation of its token{From(email, names)}",
        nameof(RegardingSource.Folder) => "the tracked folder where it lies says so",
        nameof(RegardingSource.Correlated) => $"so is the mail that it answers{From(email, names)}",
        nameof(RegardingSource.QueueRule) => "the rule of a queue that it goes to says so",
        nameof(RegardingSource.Sender) => "it answers nothing, and this is all that is open for its sender, or its sender's account",
        _ => "a rule says so",
    };

    private static string From(string email, TraceNames names) => email.Length > 0 ? $", {names.Email(email)}" : "";

    private static string Filter(string method) => Of(Enum.Parse<FilterMethod>(method));

    private static ReasonCode Reason(string number) => (ReasonCode)int.Parse(number, CultureInfo.InvariantCulture);
}
