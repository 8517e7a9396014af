using System.Collections.Immutable;
using System.Globalization;
using EmailTracking.Access;
using EmailTracking.Client;
using EmailTracking.Client.Commands;
using EmailTracking.Client.RecordFiles;
using EmailTracking.Organizations;
using EmailTracking.Silo.Api.Describing;
using EmailTracking.Silo.Web;
using EmailTracking.Silo.Web.Door;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EmailTracking.Silo.Api.Records;

/// <summary>Loads a file of records, as the command line does: all of it is right, or nothing is loaded.</summary>
internal static class RecordLoadEndpoint
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var bytesMax = api.ServiceProvider.GetRequiredService<WebOptions>().BatchBytesMax;
        api.MapPost("records", LoadAsync)
            .Describes<LoadedRecords>(
                "load-records",
                "Records",
                "Loads a file of records, mailboxes and tracked folders (text/csv or application/x-ndjson). The whole file is checked first. With " +
                "preview=true nothing is loaded, and it is said how many emails would be linked anew.")
            .Needs(Privilege.ChangeRecords, isChange: true)
            .WithMetadata(new SizeBound(bytesMax))
            .TakesRaw("text/csv", "application/x-ndjson")
            .DisableRequestTimeout();
    }

    private static async Task<IResult> LoadAsync(bool? preview, EmailTrackingClient client, HttpContext context, CancellationToken token)
    {
        if (Ending(context.Request) is not { } ending)
        {
            return Answers.Problem(
                StatusCodes.Status415UnsupportedMediaType, "Not read here", "Say what it is: Content-Type: text/csv, or application/x-ndjson with one JSON object a line.");
        }

        var path = Path.Combine(Path.GetTempPath(), $"emailtracking-{Guid.NewGuid():N}{ending}");
        try
        {
            await using (var file = new FileStream(path, New()))
            {
                await context.Request.Body.CopyToAsync(file, token);
            }

            return await LoadFileAsync(path, preview == true, client, token);
        }
        catch (WrongInputException wrong)
        {
            // The file has a name of ours, which says nothing to whoever sent it.
            return ApiAnswers.Refused(wrong.Message.Replace(path, "The file", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<IResult> LoadFileAsync(string path, bool isPreview, EmailTrackingClient client, CancellationToken token)
    {
        var tables = new KnownTables(await client.ReadTablesAsync(token));

        // Reading and checking never waits: another thread does it.
        var check = await Task.Run(() => RecordCheck.Of(RecordFile.Read(path), tables), token);
        if (check.ProblemCount > 0)
        {
            return Results.Problem(
                detail: string.Create(
                    CultureInfo.InvariantCulture, $"{check.ProblemCount} lines are wrong, and nothing was loaded. Correct them and send the file again. The first: {check.Problems[0]}"),
                statusCode: StatusCodes.Status422UnprocessableEntity,
                title: "Refused",
                extensions: new Dictionary<string, object?> { ["problems"] = check.Problems });
        }

        var relinked = isPreview ? await RecordLoader.PreviewAsync(client, path, check, _ => { }, token) : (int?)null;
        var mailboxes = isPreview ? 0 : await RecordLoader.LoadAsync(client, path, check, _ => { }, token);
        return Results.Json(new LoadedRecords(
            !isPreview,
            check.RecordCount,
            mailboxes,
            relinked,
            check.IgnoredFields,
            [.. check.Shared.Select(shared => new SharedAddress(shared.Address, shared.Records))]));
    }

    // Nobody else reads what is in it.
    private static FileStreamOptions New()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string? Ending(HttpRequest request) => request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant() switch
    {
        "text/csv" => ".csv",
        "application/x-ndjson" or "application/jsonl" => ".jsonl",
        _ => null,
    };
}

/// <summary>What loading a file came to.</summary>
/// <param name="IsLoaded">Whether it was loaded, and not only looked at.</param>
/// <param name="Records">How many records it has.</param>
/// <param name="Mailboxes">How many mailboxes were set.</param>
/// <param name="RelinkedEmails">For a preview: how many emails it may link anew; 5,000 are 5,000 or more.</param>
/// <param name="IgnoredFields">Fields that are not read.</param>
/// <param name="Shared">Addresses of more records than one mail can mean.</param>
internal sealed record LoadedRecords(
    bool IsLoaded,
    long Records,
    long Mailboxes,
    int? RelinkedEmails,
    ImmutableArray<string> IgnoredFields,
    ImmutableArray<SharedAddress> Shared);

/// <summary>An address that many records have: mail from or to it means none of them.</summary>
internal sealed record SharedAddress(string EmailAddress, int Records);
