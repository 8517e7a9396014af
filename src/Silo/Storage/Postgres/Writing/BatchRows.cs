using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Storage.Postgres.Writing;

/// <summary>A conversation to be written; <paramref name="Id"/> is its row number when it is new.</summary>
internal sealed record ConversationRow(int Change, int Org, long Id, ConversationChange Conversation)
{
    public bool IsNew => Conversation.SeenVersion == 0;
}

/// <summary>An email to be written, with its row number.</summary>
internal sealed record EmailRow(int Change, int Org, long Id, EmailChange Email)
{
    public bool IsNew => Email.Before is null;

    public KnownEmail After => Email.After;
}

/// <summary>An id to be written; <paramref name="Holder"/> is the row of an email of the same change, null when the holder stays.</summary>
internal sealed record KeyRow(int Change, int Org, long? Holder, KeyChange Key)
{
    public bool IsNew => Key.Before is null;
}

/// <summary>A decision to be written.</summary>
internal sealed record DecisionRow(int Change, int Org, long Mailbox, SightingDecision Decision)
{
    public SightingPlace Place => Decision.Sighting.Place;
}

/// <summary>An act to be written.</summary>
internal sealed record ActRow(int Change, int Org, Act Act);

/// <summary>All rows of a batch, each kind in one order, so that two writers never wait for each other in a circle.</summary>
internal sealed class BatchRows
{
    public required List<ConversationRow> Conversations { get; init; }

    public required List<EmailRow> Emails { get; init; }

    public required List<KeyRow> Keys { get; init; }

    public required List<(int Org, MessageKey Key)> Contested { get; init; }

    public required List<DecisionRow> Decisions { get; init; }

    public required List<ActRow> Acts { get; init; }

    /// <summary>The emails that are erased, whose copies are.</summary>
    public List<ErasedRow> Erased { get; } = [];

    public required List<(int Change, int Org, MessageKey Key)> Unknown { get; init; }

    public required List<(int Change, int Org, MessageKey Key)> Again { get; init; }

    public required List<(int Org, NewRecord Record)> Records { get; init; }

    /// <summary>Records that rules make, by id.</summary>
    public List<(int Org, CreatedRecord Record)> Created { get; } = [];

    public required List<(int Org, QueueItem Item)> QueueItems { get; init; }

    /// <summary>What became of emails, in the order in which each conversation numbers it.</summary>
    public List<(int Org, EmailEvent Event)> Events { get; } = [];

    public required List<(int Org, EmailAddress Address)> Touched { get; init; }

    /// <summary>Lays out the rows.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="org">The number of an organization.</param>
    /// <param name="mailbox">The number of a mailbox.</param>
    /// <param name="conversationId">A row number for a new conversation.</param>
    /// <param name="emailId">A row number for a new email.</param>
    public static BatchRows Of(
        IReadOnlyList<PendingChange> batch,
        Func<string, int> org,
        Func<int, EmailAddress, long> mailbox,
        Func<long> conversationId,
        Func<long> emailId)
    {
        var rows = new BatchRows
        {
            Conversations = [], Emails = [], Keys = [], Contested = [], Decisions = [], Acts = [], Unknown = [], Again = [], Records = [], QueueItems = [], Touched = [],
        };
        for (var i = 0; i < batch.Count; i++)
        {
            rows.Add(i, org(batch[i].Change.Organization), batch[i].Change, mailbox, conversationId, emailId);
        }

        rows.Conversations.Sort((one, other) => one.Conversation.Id.CompareTo(other.Conversation.Id));
        rows.Emails.Sort((one, other) => one.After.Facts.Key.CompareTo(other.After.Facts.Key));
        rows.Keys.Sort((one, other) => one.Key.After.Key.CompareTo(other.Key.After.Key));
        rows.Contested.Sort((one, other) => one.Key.CompareTo(other.Key));
        rows.Decisions.Sort((one, other) => Compare(one, other));
        rows.Unknown.Sort((one, other) => one.Key.CompareTo(other.Key));
        rows.Created.Sort((one, other) => one.Record.Reference.Id.CompareTo(other.Record.Reference.Id));
        rows.QueueItems.Sort((one, other) => (one.Item.QueueId, one.Item.Email).CompareTo((other.Item.QueueId, other.Item.Email)));
        return rows;
    }

    private void Add(
        int index,
        int org,
        TrackingChange change,
        Func<int, EmailAddress, long> mailbox,
        Func<long> conversationId,
        Func<long> emailId)
    {
        var ids = new Dictionary<MessageKey, long>();
        foreach (var email in change.Emails)
        {
            var id = email.Before?.Row ?? emailId();
            ids.Add(email.After.Facts.Key, id);
            Emails.Add(new EmailRow(index, org, id, email));
        }

        Conversations.AddRange(change.Conversations.Select(conversation => new ConversationRow(
            index, org, conversation.SeenVersion == 0 ? conversationId() : 0, conversation)));
        Keys.AddRange(change.Keys.Select(key => new KeyRow(
            index, org, key.After.Holder is { } holder && holder != key.Before?.Holder ? ids[holder] : null, key)));
        Contested.AddRange(change.ContestedKeys.Select(key => (org, key)));
        if (change.Erasure is { } erasure)
        {
            Erased.AddRange(change.Acts.SelectMany(act => act.Emails.Select(email => new ErasedRow(
                org, erasure, email, TraceJson.Write(ErasedCopies.TraceOf(act.By, act.On))))));
        }

        Acts.AddRange(change.Acts.Select(act => new ActRow(index, org, act)));
        Unknown.AddRange(change.Unknown.Select(key => (index, org, key)));
        Again.AddRange(change.Again.Select(key => (index, org, key)));
        Records.AddRange(change.Records.Select(record => (org, record)));
        Created.AddRange(change.Created.Select(record => (org, record)));
        QueueItems.AddRange(change.QueueItems.Select(item => (org, item)));
        Events.AddRange(change.Events.Select(one => (org, one)));
        Touched.AddRange(change.Touched.Select(address => (org, address)));
        Decisions.AddRange(change.Decisions.Select(decision => new DecisionRow(
            index, org, mailbox(org, decision.Sighting.Place.Mailbox), decision)));
    }

    private static int Compare(DecisionRow one, DecisionRow other)
    {
        var order = one.Mailbox.CompareTo(other.Mailbox);
        order = order != 0 ? order : string.CompareOrdinal(one.Place.Folder, other.Place.Folder);
        return order != 0 ? order : string.CompareOrdinal(one.Place.Item, other.Place.Item);
    }
}
