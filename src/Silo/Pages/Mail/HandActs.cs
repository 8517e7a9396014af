using System.Collections.Immutable;
using EmailTracking.Access;
using EmailTracking.Silo.Api.Acts;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>What somebody does to mail by hand on a page, one thing after the other.</summary>
internal sealed class HandActs(PageCaller caller, ManualActs acts)
{
    /// <summary>How the last of it went.</summary>
    public ActState State { get; private set; } = ActState.Nothing;

    /// <summary>Shows nothing of the last of it any more.</summary>
    public void Forget() => State = ActState.Nothing;

    /// <summary>Does something.</summary>
    /// <param name="kind">What.</param>
    /// <param name="body">To what.</param>
    /// <param name="target">The page's path, for the audit log.</param>
    /// <param name="cancellationToken">Stops it before it begins.</param>
    /// <returns>Whether it was done.</returns>
    public Task<bool> ActAsync(ActKind kind, ActBody body, string target, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        return DoAsync(kind, MailWords.Operation(kind), target, visitor => acts.ActAsync(visitor, id, kind, body, cancellationToken), cancellationToken);
    }

    /// <summary>Takes an act back, whole.</summary>
    /// <inheritdoc cref="ActAsync"/>
    public Task<bool> UndoAsync(Guid act, string target, CancellationToken cancellationToken) =>
        DoAsync(ActKind.Undo, "undo-act", target, visitor => acts.UndoAsync(visitor, act, cancellationToken), cancellationToken);

    private async Task<bool> DoAsync(
        ActKind kind, string operation, string target, Func<Visitor, Task<Told<DoneAct>>> act, CancellationToken cancellationToken)
    {
        State = ActState.Nothing with { IsBusy = true };
        var told = await caller.ChangeAsync(Privilege.ActOnMail, operation, target, act, cancellationToken);
        State = told.Value is { } done
            ? ActState.Nothing with { Words = Words(kind, done), Act = kind == ActKind.Undo ? null : done.Id, Conversations = done.Conversations }
            : ActState.Nothing with { Problem = told.Problem };
        return told.Value is not null;
    }

    private static string Words(ActKind kind, DoneAct done) => MailWords.Done(kind) + (done, kind) switch
    {
        ({ Pending: > 0 }, _) => " Its content is not here: it is fetched from its mailbox, or taken when it is offered next.",
        (_, ActKind.Stop or ActKind.Resume) => "",
        ({ Changed: 0 }, _) => " No email stands otherwise than before.",
        ({ Changed: 1 }, _) => " One email stands otherwise now.",
        _ => $" {done.Changed} emails stand otherwise now.",
    };
}

/// <summary>How something that was done by hand went.</summary>
/// <param name="IsBusy">Whether it goes on.</param>
/// <param name="Words">What was done.</param>
/// <param name="Act">By what it can be taken back.</param>
/// <param name="Conversations">The conversations in which the emails that were meant are now.</param>
/// <param name="Problem">Why it was not done.</param>
public sealed record ActState(bool IsBusy, string? Words, Guid? Act, ImmutableArray<Guid> Conversations, Refusal? Problem)
{
    /// <summary>Nothing was done.</summary>
    public static ActState Nothing { get; } = new(false, null, null, [], null);
}
