using System.Collections.Immutable;
using System.CommandLine;
using EmailTracking.Client.Rendering;
using EmailTracking.Erasing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Client.Commands;

/// <summary><c>erase</c>: removes what can be read of all mail in which an address takes part, and shows what was removed.</summary>
internal sealed class EraseCommand
{
    private static readonly TimeSpan DoneMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DonePoll = TimeSpan.FromMilliseconds(200);

    private readonly CommandHost _host;

    private EraseCommand(CommandHost host) => _host = host;

    public static Command Create(CommandHost host) => new EraseCommand(host).Create();

    private Command Create()
    {
        var address = new Option<string?>("--address")
        {
            Description = "The address: every email in which it takes part, also as a recipient, is meant", HelpName = "ADDRESS",
        };
        var yes = new Option<bool>("--yes") { Description = "Do it. Without it is only said what would go" };
        var history = new Option<bool>("--history") { Description = "Show what was erased, also by the setting RetentionDays" };
        var author = new AuthorOptions();
        var command = _host.Command(
            "erase",
            "Erases mail for good: of every email in which an address takes part only digests stay, so that it is not tracked again and " +
            "answers to it find their conversation. New mail of the address that arrives later is ordinary mail: to keep it out, put the " +
            "address on the list NeverTrack (emailtracking settings set NeverTrack ADDRESS). Records stay: emailtracking records delete",
            "emailtracking erase --address ana@fabrikam.com",
            "emailtracking erase --address ana@fabrikam.com --why 'her request of 3 May' --yes",
            "emailtracking erase --history");
        command.Add(address);
        command.Add(yes);
        command.Add(history);
        author.AddTo(command);
        _host.Connected(command, async (parsed, client, token) =>
        {
            if (parsed.GetValue(history))
            {
                Write(await client.ReadErasuresAsync(cancellationToken: token));
                return ExitCodes.Done;
            }

            var meant = parsed.GetValue(address) ?? throw new WrongInputException(
                "Say whose mail is to be erased: emailtracking erase --address ADDRESS. What was erased shows: emailtracking erase --history");
            if (!parsed.GetValue(yes))
            {
                return Write(await client.PreviewErasureAsync(meant, token), meant);
            }

            var (by, why) = author.Of(parsed);
            var answer = await client.EraseAsync(new ErasureCall(Guid.CreateVersion7(_host.Time.GetUtcNow()), meant, by, why), token);
            return answer.Problem is { } problem ? throw new WrongInputException(problem) : await WriteAsync(client, answer, token);
        });
        return command;
    }

    private int Write(ErasurePreview preview, string address)
    {
        if (preview.Problem is { } problem)
        {
            throw new WrongInputException(problem);
        }

        _host.Console.Line(
            $"{Words.Of(preview.Emails)} emails with {Words.Of(preview.Copies)} copies and {Words.Of(preview.Bytes)} bytes of raw mail would be erased.");
        if (!preview.First.IsEmpty)
        {
            var table = Show.Table("sent", "id (for explain)");
            foreach (var email in preview.First)
            {
                table.Row(Words.Of(email.SentOn), email.ActivityId.ToString());
            }

            _host.Console.Line("The first of them:");
            _host.Console.Write(table);
        }

        Write(preview.Records);
        _host.Console.Line($"Nothing was done. It cannot be taken back; to do it: emailtracking erase --address {address} --yes");
        return ExitCodes.Done;
    }

    private async Task<int> WriteAsync(EmailTrackingClient client, ErasureAnswer answer, CancellationToken token)
    {
        var erasure = answer.Erasure!;
        var began = _host.Time.GetTimestamp();
        while (erasure.SweptOn is null && _host.Time.GetElapsedTime(began) < DoneMax)
        {
            // The cluster does it in any case; waiting only lets the report be whole.
            await Task.Delay(DonePoll, _host.Time, token);
            erasure = await client.FindErasureAsync(erasure.Id, token) ?? erasure;
        }

        _host.Console.Line(
            $"{Words.Of(erasure.Emails)} emails with {Words.Of(erasure.Copies)} copies and {Words.Of(erasure.Bytes)} bytes of raw mail were erased.");
        if (erasure.SweptOn is null)
        {
            _host.Console.Line("The rest is erased in the background. Look: emailtracking erase --history");
        }

        Write(answer.Records);
        return ExitCodes.Done;
    }

    private void Write(ImmutableArray<RecordReference> records)
    {
        foreach (var record in records)
        {
            _host.Console.Line($"The address stays with {record}. Delete the record: emailtracking records delete {record}");
        }
    }

    private void Write(ImmutableArray<Erasure> erasures)
    {
        if (erasures.IsEmpty)
        {
            _host.Console.Line("Nothing was erased.");
            return;
        }

        var table = Show.Table("when", "what", "who", "why", "emails", "copies", "bytes", "state");
        foreach (var one in erasures)
        {
            table.Row(
                Words.Of(one.On),
                one.Kind == ErasureKind.Retention ? "retention" : $"address {one.AddressDigest![..12]}",
                one.By,
                one.Why ?? "",
                Words.Of(one.Emails),
                Words.Of(one.Copies),
                Words.Of(one.Bytes),
                one.FinishedOn is not null ? "done" : one.SweptOn is not null ? "erased" : "going on");
        }

        _host.Console.Write(table);
    }
}
