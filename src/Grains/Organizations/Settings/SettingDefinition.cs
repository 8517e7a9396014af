using System.Globalization;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Organizations;

/// <summary>One setting of an organization, and how text becomes its value.</summary>
/// <param name="Name">Its name: Dataverse's, where it has one there.</param>
/// <param name="Meaning">What it does, in a sentence or two.</param>
/// <param name="Range">What it takes, with its unit.</param>
/// <param name="InDynamics">What it is in Dynamics 365 until somebody sets it, as text; null when there is no such setting, or nobody says.</param>
/// <param name="Read">Its value as text.</param>
/// <param name="Write">Settings with another value, or what is wrong with it.</param>
public sealed record SettingDefinition(
    string Name,
    string Meaning,
    string Range,
    string? InDynamics,
    Func<TrackingSettings, string> Read,
    Func<TrackingSettings, string, WrittenSetting> Write)
{
    /// <summary>What it is here until somebody sets it.</summary>
    public string Default => Read(new TrackingSettings());

    /// <summary>What kind of value it takes.</summary>
    public ValueKind Kind { get; init; } = ValueKind.Text;

    /// <summary>What the preset <c>dynamics</c> sets it to: what it is there, and off where Dynamics has no such thing. Null: the preset leaves it alone.</summary>
    public string? Preset { get; init; } = InDynamics;

    /// <summary>A setting that is on or off.</summary>
    internal static SettingDefinition Switch(
        string name,
        string meaning,
        bool? inDynamics,
        Func<TrackingSettings, bool> read,
        Func<TrackingSettings, bool, TrackingSettings> write) => new(
            name,
            meaning,
            "true or false",
            inDynamics is { } there ? Word(there) : null,
            settings => Word(read(settings)),
            (settings, text) => bool.TryParse(text, out var value)
                ? new WrittenSetting(write(settings, value), null)
                : new WrittenSetting(null, $"{name} takes true or false, not '{SettingText.Shown(text)}'."))
        {
            Kind = ValueKind.Switch,
        };

    /// <summary>A setting that is a whole number.</summary>
    internal static SettingDefinition Number(
        string name,
        string meaning,
        string unit,
        int min,
        int max,
        string? inDynamics,
        Func<TrackingSettings, int> read,
        Func<TrackingSettings, int, TrackingSettings> write) => new(
            name,
            meaning,
            $"{min} to {max}{unit}",
            inDynamics,
            settings => read(settings).ToString(CultureInfo.InvariantCulture),
            (settings, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) &&
                value >= min && value <= max
                ? new WrittenSetting(write(settings, value), null)
                : new WrittenSetting(null, $"{name} takes a whole number from {min} to {max}{unit}, not '{SettingText.Shown(text)}'."))
        {
            Kind = new ValueKind.Number(min, max),
        };

    private static string Word(bool value) => value ? "true" : "false";
}

/// <summary>What writing a value comes to.</summary>
/// <param name="Settings">The settings with it; null when it cannot be.</param>
/// <param name="Problem">Then: what is wrong, and what to do.</param>
public readonly record struct WrittenSetting(TrackingSettings? Settings, string? Problem);
