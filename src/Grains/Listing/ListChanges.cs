using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Listing;

/// <summary>How far somebody has read what changes in the lists.</summary>
/// <param name="Run">Who counts: an activation of the grain that keeps the lists.</param>
/// <param name="Number">The last change that was read, from 1; 0: none.</param>
[GenerateSerializer, Immutable, Alias("ListMark")]
public sealed record ListMark([property: Id(0)] string Run, [property: Id(1)] long Number)
{
    /// <summary>Nobody's: whoever comes with it is told to read the lists anew.</summary>
    public static ListMark Unknown { get; } = new("", 0);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ListMark? mark)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        mark = dot > 0 && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ListMark(text![..dot], number)
            : null;
        return mark is not null;
    }

    /// <summary><c>RUN.NUMBER</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Run}.{Number}");
}

/// <summary>An email that came into lists, stands there otherwise, or left them.</summary>
/// <param name="Email">The email.</param>
/// <param name="Lists">Those in which it stands or stood.</param>
[GenerateSerializer, Immutable, Alias("ListChange")]
public sealed record ListChange([property: Id(0)] MessageKey Email, [property: Id(1)] ImmutableArray<Guid> Lists)
{
    /// <summary>The change that listing an email anew is.</summary>
    public static ListChange Of(ListedEmail email)
    {
        ArgumentNullException.ThrowIfNull(email);
        return new ListChange(email.Facts.Key, [.. email.Lists.Union(email.Facts.Lists)]);
    }
}

/// <summary>What changed behind a mark.</summary>
/// <param name="Mark">How far this goes.</param>
/// <param name="Changes">The changes, in order.</param>
/// <param name="IsWhole">Whether that is all: false when what came behind the mark is not known any more, and nothing of it is told.</param>
[GenerateSerializer, Immutable, Alias("ListChanges")]
public sealed record ListChanges(
    [property: Id(0)] ListMark Mark, [property: Id(1)] ImmutableArray<ListChange> Changes, [property: Id(2)] bool IsWhole);
