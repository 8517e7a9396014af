using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EmailTracking.Silo.Storage;

/// <summary>One numbered SQL file that brings a database one step forward.</summary>
/// <remarks>A file never changes once it was released: its digest is recorded where it was applied and compared at every start.</remarks>
public sealed record MigrationScript
{
    private const string Extension = ".sql";

    private MigrationScript(int number, string name, string sql)
    {
        Number = number;
        Name = name;
        Sql = sql;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
    }

    /// <summary>Its place in the order. Shape: 1 to 9999.</summary>
    public int Number { get; }

    /// <summary>What it brings, for people, such as <c>orleans</c>. It may be renamed; the number and the text may not change.</summary>
    public string Name { get; }

    /// <summary>The statements, with line feeds alone at the line ends.</summary>
    public string Sql { get; }

    /// <summary>The digest of <see cref="Sql"/> in UTF-8. Shape: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The file's name, such as <c>0001-orleans.sql</c>.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Number:0000}-{Name}{Extension}");

    /// <summary>Reads a script from the name and the text of its file.</summary>
    /// <param name="fileName">Shape: four digits, a hyphen, a name, <c>.sql</c>.</param>
    /// <param name="text">The file's text; carriage returns before line feeds are dropped, so that a checkout's line ends do not count.</param>
    /// <exception cref="FormatException">The name is of another shape: rename the file.</exception>
    public static MigrationScript Parse(string fileName, string text)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(text);

        const int digits = 4;
        if (fileName.Length <= digits + 1 + Extension.Length
            || fileName[digits] != '-'
            || !fileName.EndsWith(Extension, StringComparison.Ordinal)
            || !int.TryParse(fileName.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number == 0)
        {
            throw new FormatException($"\"{fileName}\" is no name of a migration. Name it like 0001-orleans.sql.");
        }

        return new MigrationScript(number, fileName[(digits + 1)..^Extension.Length], text.ReplaceLineEndings("\n"));
    }
}
