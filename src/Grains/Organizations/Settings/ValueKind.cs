using System.Collections.Immutable;

namespace EmailTracking.Organizations;

/// <summary>What kind of value a setting or an option takes: what whoever edits it is offered.</summary>
public abstract record ValueKind
{
    /// <summary>Any text that its range allows.</summary>
    public static ValueKind Text { get; } = new Words();

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static ValueKind Switch { get; } = new OnOff();

    /// <summary>One of some words.</summary>
    public static ValueKind OneOf(params ImmutableArray<string> values) => new Choice(values);

    /// <summary>One of <see cref="Tracking.Deciding.FilterMethod"/> by its number; of a setting also -1: none.</summary>
    /// <param name="min">The first number.</param>
    internal static ValueKind Filter(int min) =>
        new Choice([.. Enumerable.Range(min, 5 - min).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    /// <inheritdoc cref="Text"/>
    public sealed record Words : ValueKind;

    /// <inheritdoc cref="Switch"/>
    public sealed record OnOff : ValueKind;

    /// <summary>A whole number.</summary>
    /// <param name="Min">The least.</param>
    /// <param name="Max">The greatest.</param>
    public sealed record Number(int Min, int Max) : ValueKind;

    /// <inheritdoc cref="OneOf"/>
    /// <param name="Values">The words.</param>
    public sealed record Choice(ImmutableArray<string> Values) : ValueKind;

    /// <summary>A list of entries; <c>none</c> when it is empty.</summary>
    /// <param name="Separator">What stands between two of them.</param>
    public sealed record List(char Separator) : ValueKind;
}
