// Delivers .eml files into a mailbox: dotnet run --project samples/IngestionClient -- support@contoso.com mail/*.eml
using System.Security.Cryptography;
using EmailTracking.Client;
using EmailTracking.Intake;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

if (args.Length < 2 || !EmailAddress.TryParse(args[0], out var mailbox))
{
    Console.Error.WriteLine("Give a mailbox address and at least one .eml file.");
    return 1;
}

try
{
    // Gateways come from EMAILTRACKING_GATEWAYS, else 127.0.0.1:30000.
    await using var client = await EmailTrackingClient.ConnectAsync();
    await client.EnsureMailboxAsync(new MailboxFacts(mailbox, Owner: null, IsQueue: false, FilterMethod.All, Folders: []));
    foreach (var path in args.Skip(1))
    {
        await using var file = File.OpenRead(path);

        // A name that stays the same when this program is run again: the delivery is then recognised, however often it is sent.
        var operationId = Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
        file.Position = 0;
        var answer = await client.DeliverAsync(mailbox.Value, "Inbox", file, operationId);
        Console.WriteLine($"{path}: {answer.Outcome}, {answer.Reason}, activity {answer.ActivityId?.ToString() ?? "none"} {answer.Problem}");
    }

    return 0;
}
catch (Exception problem) when (problem is ClusterUnreachableException or DeliveryException or IOException)
{
    Console.Error.WriteLine(problem.Message);
    return problem is ClusterUnreachableException ? 75 : 1;
}
