using System.CommandLine;
using EmailTracking.Intake;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Client.Commands;

/// <summary>Where a mail lies that somebody tracks and that is not here yet.</summary>
internal sealed class TrackOptions
{
    /// <summary>The mailbox.</summary>
    public Option<EmailAddress?> Mailbox { get; } = new("--mailbox")
    {
        Description = "The mailbox where the mail lies: it is fetched from any of its folders", HelpName = "ADDRESS", CustomParser = ListCommand.Address,
    };

    /// <summary>The raw message.</summary>
    public Option<FileInfo?> File { get; } = new("--file")
    {
        Description = "The raw message, where the mailbox has no server", HelpName = "EML",
    };

    /// <summary>The mailbox that is named; the file is delivered there first. Null when none is.</summary>
    /// <exception cref="WrongInputException">The file is none, or can never be taken.</exception>
    public async Task<EmailAddress?> ReadAsync(CommandHost host, ParseResult parsed, EmailTrackingClient client, CancellationToken token)
    {
        var mailbox = parsed.GetValue(Mailbox);
        if (parsed.GetValue(File) is not { } file)
        {
            return mailbox;
        }

        if (mailbox is null)
        {
            throw new WrongInputException("Say in which mailbox the file was: --mailbox ADDRESS");
        }

        await using var raw = file.OpenRead();
        var delivery = new Delivery(mailbox.Value.Value, "Inbox", null, host.Time.GetUtcNow());
        return (await client.DeliverAsync(delivery, raw, token)).Problem is { } problem ? throw new WrongInputException(problem) : mailbox;
    }
}
