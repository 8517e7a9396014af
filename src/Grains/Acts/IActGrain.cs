using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Acts;

/// <summary>What people do by hand. Key: organization/o:.</summary>
[GrainInterfaceType("act")]
public interface IActGrain : IGrainWithStringKey
{
    /// <summary>Does something by hand. Safe to repeat with the same id.</summary>
    /// <returns>What became of it; durable when it is given. A refusal says what to do, and nothing has changed.</returns>
    [Alias("Act")]
    Task<ActAnswer> ActAsync(ActCall call, CancellationToken cancellationToken = default);

    /// <summary>What people did with an email or its conversation, in order of time; without a name the latest acts, newest first.</summary>
    /// <param name="name">A Message-ID, activity id, message key or conversation id; null: any.</param>
    /// <param name="countMax">How many at most, for acts on any email.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>Null when nothing has that name.</returns>
    [Alias("ReadHistory")]
    Task<ImmutableArray<PastAct>?> ReadHistoryAsync(string? name, int countMax, CancellationToken cancellationToken = default);
}

/// <summary>Something to do by hand, in the words of whoever asks for it.</summary>
[GenerateSerializer, Immutable, Alias("ActCall")]
public sealed record ActCall
{
    /// <summary>The caller's name for it.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>What to do.</summary>
    [Id(1)]
    public required ActKind Kind { get; init; }

    /// <summary>Who does it: 1 to 200 characters.</summary>
    [Id(2)]
    public required string By { get; init; }

    /// <summary>When it was done; null: now. Not later than now.</summary>
    [Id(3)]
    public DateTimeOffset? On { get; init; }

    /// <summary>
    /// The emails or conversations that are meant, at most 100: Message-IDs, activity ids, message keys, conversation ids. For an undo
    /// the act's id.
    /// </summary>
    [Id(4)]
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>What the emails are about; for a resolve the record that <see cref="Address"/> stands for.</summary>
    [Id(5)]
    public RecordReference? Record { get; init; }

    /// <summary>For a regarding: nobody inherits it. For a split: what hangs below the named emails stays.</summary>
    [Id(6)]
    public bool ForTheseOnly { get; init; }

    /// <summary>For a resolve: the address of a party of the one email that is named.</summary>
    [Id(7)]
    public EmailAddress? Address { get; init; }

    /// <summary>
    /// For a track of one mail, named by its Message-ID: the mailbox where it lies. When it was not seen there it is fetched from it,
    /// and the act is pending until it is there.
    /// </summary>
    [Id(8)]
    public EmailAddress? Mailbox { get; init; }
}

/// <summary>An act, and whether it still stands.</summary>
/// <param name="Act">The act.</param>
/// <param name="UndoneBy">Who took it back; null when it stands.</param>
/// <param name="UndoneOn">When.</param>
[GenerateSerializer, Immutable, Alias("PastAct")]
public sealed record PastAct([property: Id(0)] Act Act, [property: Id(1)] string? UndoneBy, [property: Id(2)] DateTimeOffset? UndoneOn);
