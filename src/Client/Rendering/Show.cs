using Spectre.Console;
using Spectre.Console.Rendering;

namespace EmailTracking.Client.Rendering;

/// <summary>Writes to a terminal. Nothing that is shown is read as markup.</summary>
internal static class Show
{
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    /// <summary>Adds a row; every cell is made safe.</summary>
    public static Table Row(this Table table, params ReadOnlySpan<string?> cells)
    {
        var texts = new IRenderable[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            texts[i] = new Text(SafeText.Of(cells[i]));
        }

        return table.AddRow(texts);
    }

    /// <summary>Writes one line; it is made safe.</summary>
    public static void Line(this IAnsiConsole console, string text, Color? color = null)
    {
        console.Write(new Text(SafeText.Of(text, int.MaxValue), new Style(color)));
        console.WriteLine();
    }
}
