using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EmailTracking.Listing;
using EmailTracking.Silo.Api.Mail;
using EmailTracking.Tracking.Deciding;
using Microsoft.AspNetCore.WebUtilities;

namespace EmailTracking.Silo.Pages.Mail;

/// <summary>What the list of activities is asked for. It stands in the address of the page, by the names of the API.</summary>
/// <param name="Search">Words.</param>
/// <param name="Mailbox">The address of a mailbox.</param>
/// <param name="Method">correlationmethod.</param>
/// <param name="IsOutgoing">directioncode.</param>
/// <param name="HasRegarding">Whether it is about a record.</param>
/// <param name="From">The first day; UTC.</param>
/// <param name="To">The last day; UTC.</param>
/// <param name="Record">Whose timeline it is; the page itself says so, not what is asked of it.</param>
/// <param name="Before">Where the page before ended; null: the newest.</param>
public sealed record ListState(
    string? Search = null,
    string? Mailbox = null,
    int? Method = null,
    bool? IsOutgoing = null,
    bool? HasRegarding = null,
    DateOnly? From = null,
    DateOnly? To = null,
    RecordReference? Record = null,
    long? Before = null)
{
    /// <summary>How many emails a page has.</summary>
    public const int PageSize = 50;

    private const string Day = "yyyy-MM-dd";

    /// <summary>Whether anything is asked for but the newest.</summary>
    public bool IsFiltered => this with { Before = null, Record = null } != new ListState();

    /// <summary>Reads an address; what makes no sense in it is not asked for.</summary>
    public static ListState Of(Uri address)
    {
        var query = QueryHelpers.ParseQuery(address.Query);
        return new ListState(
            Text("search"),
            Text("mailbox"),
            int.TryParse(Text("correlationmethod"), CultureInfo.InvariantCulture, out var method) ? method : null,
            Whether("directioncode"),
            Whether("hasregarding"),
            OfDay("from"),
            OfDay("to"),
            Before: long.TryParse(Text("before"), CultureInfo.InvariantCulture, out var before) ? before : null);

        string? Text(string name) => query.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value[0]) ? value[0] : null;

        bool? Whether(string name) => bool.TryParse(Text(name), out var value) ? value : null;

        DateOnly? OfDay(string name) =>
            DateOnly.TryParseExact(Text(name), Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var value) ? value : null;
    }

    /// <summary>The address, below the page's own.</summary>
    public string ToPath() => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["search"] = Search,
        ["mailbox"] = Mailbox,
        ["correlationmethod"] = Method?.ToString(CultureInfo.InvariantCulture),
        ["directioncode"] = Word(IsOutgoing),
        ["hasregarding"] = Word(HasRegarding),
        ["from"] = From?.ToString(Day, CultureInfo.InvariantCulture),
        ["to"] = To?.ToString(Day, CultureInfo.InvariantCulture),
        ["before"] = Before?.ToString(CultureInfo.InvariantCulture),
    }.Where(pair => pair.Value is not null));

    /// <summary>What is asked.</summary>
    /// <param name="withCount">Whether all are counted.</param>
    /// <param name="query">It.</param>
    /// <param name="problem">What is wrong with it, and what to do.</param>
    public bool TryRead(bool withCount, [NotNullWhen(true)] out ListQuery? query, [NotNullWhen(false)] out string? problem)
    {
        var asked = new EmailListQuery
        {
            Search = Search,
            Mailbox = Mailbox,
            CorrelationMethod = Method,
            DirectionCode = IsOutgoing,
            HasRegarding = HasRegarding,
            From = Start(From),
            Until = Start(To?.AddDays(1)),
            Before = Before,
            Top = PageSize,
            Count = withCount,
        };
        if (!asked.TryRead(out query, out problem))
        {
            return false;
        }

        query = Record is { } record ? query with { Within = [EmailLists.OfRecord(GrainKeys.DefaultOrganization, record)] } : query;
        return true;
    }

    private static DateTimeOffset? Start(DateOnly? day) => day is { } one ? new DateTimeOffset(one, TimeOnly.MinValue, TimeSpan.Zero) : null;

    private static string? Word(bool? value) => value switch { true => "true", false => "false", null => null };
}
