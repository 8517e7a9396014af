using System.Runtime.CompilerServices;
using EmailTracking.Access;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Silo.Pages.Mailboxes;

/// <summary>Asks for whoever looks at a page of one mailbox: what is not theirs they neither see nor change.</summary>
internal sealed class MailboxCaller(PageCaller caller, Owners owners)
{
    /// <summary>Reads something of a mailbox.</summary>
    /// <param name="privilege">What has to be allowed, for all or for what is one's own.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="read">Reads.</param>
    /// <param name="cancellationToken">Stops finding out who asks.</param>
    public async Task<Told<T>> ReadAsync<T>(
        Privilege privilege, EmailAddress mailbox, Func<Visitor, Task<Told<T>>> read, CancellationToken cancellationToken)
        where T : class
    {
        var told = await caller.ReadAsync(
            privilege, async visitor => new StrongBox<Told<T>>(await OfAsync(visitor, mailbox, read, cancellationToken)), cancellationToken);
        return told.Value is { } box ? box.Value : Told<T>.Not(told.Problem!);
    }

    /// <summary>Changes something of a mailbox; it is in the audit log before it is made.</summary>
    /// <param name="privilege">What has to be allowed, for all or for what is one's own.</param>
    /// <param name="operation">What is done, by the name that the API has for it.</param>
    /// <param name="mailbox">The mailbox.</param>
    /// <param name="part">What of it, for the audit log, with a slash before it; empty: the mailbox.</param>
    /// <param name="change">Changes it.</param>
    /// <param name="cancellationToken">Stops finding out who asks.</param>
    public Task<Told<T>> ChangeAsync<T>(
        Privilege privilege,
        string operation,
        EmailAddress mailbox,
        string part,
        Func<Visitor, Task<Told<T>>> change,
        CancellationToken cancellationToken)
        where T : class => caller.ChangeAsync(
            privilege,
            operation,
            $"mailboxes/{mailbox}{part}",
            visitor => OfAsync(visitor, mailbox, change, cancellationToken),
            cancellationToken);

    private async Task<Told<T>> OfAsync<T>(
        Visitor visitor, EmailAddress mailbox, Func<Visitor, Task<Told<T>>> act, CancellationToken cancellationToken)
        where T : class =>
        await owners.RefusalAsync(visitor, mailbox, cancellationToken) is { } refusal ? Told<T>.Not(refusal) : await act(visitor);
}
