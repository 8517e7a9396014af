namespace EmailTracking.Silo.Connectors;

/// <summary>Makes what others wrote fit for a sentence of ours.</summary>
internal static class Words
{
    /// <summary>How many characters of a foreign text are shown.</summary>
    internal const int ShownMax = 200;

    /// <summary>A text on one line, without control characters and lone surrogates, at most <see cref="ShownMax"/> characters.</summary>
    internal static string Shown(string text)
    {
        var shown = new System.Text.StringBuilder(Math.Min(text.Length, ShownMax));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > ShownMax)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(System.Text.Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return shown.ToString().Trim();
    }
}
