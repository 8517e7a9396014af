using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace EmailTracking.Silo.Pages.Overview;

/// <summary>Words in a chart. In a page's markup SVG's <c>text</c> would mean something else.</summary>
public sealed class ChartLabel : ComponentBase
{
    /// <summary>Where: from the left.</summary>
    [Parameter]
    public double X { get; set; }

    /// <summary>Where their middle is: from the top.</summary>
    [Parameter]
    public double Y { get; set; }

    /// <summary>Which part of them is there: start, middle or end.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>The words.</summary>
    [Parameter]
    public string Words { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", "axis");
        builder.AddAttribute(2, "x", ChartScale.Number(X));
        builder.AddAttribute(3, "y", ChartScale.Number(Y));
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddAttribute(5, "dominant-baseline", "middle");
        builder.AddContent(6, Words);
        builder.CloseElement();
    }
}
