using System.Collections.Immutable;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tracking.Threads;

/// <summary>How an email was found to belong to another (Dataverse column <c>email.correlationmethod</c>).</summary>
public enum CorrelationMethod
{
    /// <summary>It belongs to none, or a person, folder or category alone put it there.</summary>
    None = 0,

    /// <summary>Not used; Dataverse's value.</summary>
    Skipped = 1,

    /// <summary>Not used; Dataverse's value.</summary>
    XHeader = 2,

    /// <summary>In-Reply-To names it.</summary>
    InReplyTo = 3,

    /// <summary>A tracking token in the subject stands for it.</summary>
    TrackingToken = 4,

    /// <summary>It has the same Thread-Index root.</summary>
    ConversationIndex = 5,

    /// <summary>Subject words and addresses match.</summary>
    SmartMatching = 6,

    /// <summary>References names it, or both name a mail that nobody has shown us.</summary>
    CustomCorrelation = 7,
}

/// <summary>Which email an email answers, and how that is known.</summary>
/// <param name="Method">How.</param>
/// <param name="Email">The email's key (Dataverse column <c>correlatedactivityid</c>); null for <see cref="CorrelationMethod.None"/>.</param>
/// <param name="IsParent">Whether it is the parent too (Dataverse column <c>parentactivityid</c>): In-Reply-To, References, index.</param>
/// <param name="Grounded">Whether the sender may take the regarding of that email.</param>
[GenerateSerializer, Immutable, Alias("Correlation")]
public sealed record Correlation(
    [property: Id(0)] CorrelationMethod Method,
    [property: Id(1)] MessageKey? Email,
    [property: Id(2)] bool IsParent,
    [property: Id(3)] bool Grounded)
{
    /// <summary>An email that answers nothing we have.</summary>
    public static Correlation None { get; } = new(CorrelationMethod.None, null, IsParent: false, Grounded: false);

    /// <summary>Everything that ties a mail to others of its conversation, the most certain first.</summary>
    /// <remarks>Dynamics' order, with References after In-Reply-To and unseen ancestors last.</remarks>
    public static ImmutableArray<Evidence> EvidenceOf(Partition partition, int member)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return
        [
            .. Named(partition, member, ClaimKind.InReplyTo),
            .. Named(partition, member, ClaimKind.References),
            .. Named(partition, member, ClaimKind.Token),
            .. Shared(partition, member, ClaimKind.ThreadIndex),
            .. Named(partition, member, ClaimKind.OtherCopy),
            .. Shared(partition, member, ClaimKind.InReplyTo),
            .. Shared(partition, member, ClaimKind.References),
            .. Shared(partition, member, ClaimKind.OtherCopy),
        ];
    }

    /// <summary>The correlation of every member, by its index; a circle of answers is opened at the mail with the greatest key.</summary>
    public static ImmutableArray<Correlation> Decide(Partition partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var evidence = Enumerable.Range(0, partition.Members.Length).Select(i => EvidenceOf(partition, i)).ToArray();
        var chosen = Array.ConvertAll(evidence, list => list.IsEmpty ? null : list[0]);
        for (var i = 0; i < chosen.Length; i++)
        {
            // Every circle holds a mail that answers a later one.
            if (chosen[i]?.Email > i && GreatestOnCircle(partition, chosen, i) is { } opened)
            {
                // What else it has may close another circle, so the mail becomes the start of its branch.
                chosen[opened] = null;
            }
        }

        return [.. chosen.Select((one, i) => one is null ? None : Of(partition, i, one))];
    }

    private static Correlation Of(Partition partition, int member, Evidence evidence) => new(
        evidence.Method,
        partition.Members[evidence.Email].Facts.Key,
        evidence.IsParent,
        partition.Admission(member) != Admission.Held &&
        partition.Admission(evidence.Email) != Admission.Held &&
        (partition.Admission(member) is Admission.ByHand or Admission.Ground || partition.HasGround(member, evidence.Email)));

    private static IEnumerable<Evidence> Named(Partition partition, int member, ClaimKind kind)
    {
        var claims = partition.Members[member].Facts.Claims;
        for (var i = 0; i < claims.Length; i++)
        {
            if (claims[i].Kind == kind && partition.Bearer(member, i) is { } bearer &&
                partition.Conversation(bearer) == partition.Conversation(member))
            {
                yield return new Evidence(kind, claims[i].Key, bearer, IsShared: false);
            }
        }
    }

    // The earliest mail that names the same id: of a Thread-Index, of a mail that nobody has shown us.
    private static IEnumerable<Evidence> Shared(Partition partition, int member, ClaimKind kind)
    {
        var facts = partition.Members[member].Facts;
        for (var i = 0; i < facts.Claims.Length; i++)
        {
            if (facts.Claims[i].Kind != kind || partition.Bearer(member, i) is not null ||
                (kind == ClaimKind.ThreadIndex && facts.IndexDepth == 0))
            {
                continue;
            }

            var first = partition.ClaimersOf(facts.Claims[i].Key)
                .FirstOrDefault(other => partition.Conversation(other) == partition.Conversation(member), member);
            if (first < member)
            {
                yield return new Evidence(kind, facts.Claims[i].Key, first, IsShared: true);
            }
        }
    }

    private static int? GreatestOnCircle(Partition partition, Evidence?[] chosen, int start)
    {
        var greatest = start;
        var at = chosen[start]?.Email;
        for (var steps = 0; at is { } here && steps <= chosen.Length; steps++)
        {
            if (here == start)
            {
                return greatest;
            }

            greatest = partition.Members[here].Facts.Key > partition.Members[greatest].Facts.Key ? here : greatest;
            at = chosen[here]?.Email;
        }

        return null;
    }
}

/// <summary>One thing that ties a mail to another.</summary>
/// <param name="Kind">Where the id stands.</param>
/// <param name="Key">The id.</param>
/// <param name="Email">The index of the mail that bears the id, or that names it first.</param>
/// <param name="IsShared">Whether both only name the id.</param>
public sealed record Evidence(ClaimKind Kind, MessageKey Key, int Email, bool IsShared)
{
    /// <summary>The method that this evidence stands for.</summary>
    public CorrelationMethod Method => (Kind, IsShared) switch
    {
        (ClaimKind.InReplyTo, false) => CorrelationMethod.InReplyTo,
        (ClaimKind.Token, false) => CorrelationMethod.TrackingToken,
        (ClaimKind.ThreadIndex, _) => CorrelationMethod.ConversationIndex,
        _ => CorrelationMethod.CustomCorrelation,
    };

    /// <summary>Whether the other mail is the parent: a reply header or the conversation index names it.</summary>
    public bool IsParent => Kind == ClaimKind.ThreadIndex || (!IsShared && Kind is ClaimKind.InReplyTo or ClaimKind.References);
}
