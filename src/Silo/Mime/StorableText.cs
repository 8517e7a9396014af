using System.Text;

namespace EmailTracking.Silo.Mime;

/// <summary>Text as every store takes it: no NUL, no lone surrogate, of bounded length.</summary>
internal static class StorableText
{
    /// <summary>One line for people to read: control characters gone, line ends and tabs as blanks, trimmed, cut.</summary>
    internal static string Line(string text, int lengthMax, WarningSet warnings) =>
        Cut(Clean(text, keepsControls: false, warnings).Trim(), lengthMax, warnings);

    /// <summary>A value for programs to read: as written, but storable.</summary>
    internal static string Value(string text, int lengthMax, WarningSet warnings) =>
        Cut(Clean(text, keepsControls: true, warnings), lengthMax, warnings);

    private static string Cut(string text, int lengthMax, WarningSet warnings)
    {
        if (text.Length <= lengthMax)
        {
            return text;
        }

        warnings.Add(MimeWarning.TextCut);
        return text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];
    }

    private static string Clean(string text, bool keepsControls, WarningSet warnings)
    {
        // Nearly all text is clean: look before copying.
        var index = 0;
        while (index < text.Length && !IsSuspect(text[index], keepsControls))
        {
            index++;
        }

        if (index == text.Length)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length).Append(text, 0, index);
        while (index < text.Length)
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var used);
            index += used;
            if (rune.Value is '\t' or '\r' or '\n' && !keepsControls)
            {
                clean.Append(' ');
            }
            else if (rune.Value == 0 || (!keepsControls && Rune.IsControl(rune)))
            {
                warnings.Add(MimeWarning.CharactersReplaced);
            }
            else
            {
                // A lone surrogate decodes as U+FFFD.
                clean.Append(rune.ToString());
                if (status != System.Buffers.OperationStatus.Done)
                {
                    warnings.Add(MimeWarning.CharactersReplaced);
                }
            }
        }

        return clean.ToString();
    }

    private static bool IsSuspect(char one, bool keepsControls) =>
        one == 0 || char.IsSurrogate(one) || (!keepsControls && char.IsControl(one));
}
