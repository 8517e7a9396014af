using System.Collections.Frozen;

namespace EmailTracking.Silo.Bodies;

/// <summary>Kinds of files that are not handed out, since opening one runs it (Dataverse column <c>blockedattachments</c> of <c>organization</c>).</summary>
internal sealed class BlockedExtensions(string list)
{
    /// <summary>What Dataverse blocks unless told otherwise, and SVG and HTML, which run scripts in a browser.</summary>
    public const string Standard =
        "ade;adp;app;asa;ashx;asmx;asp;bas;bat;cdx;cer;chm;class;cmd;com;config;cpl;crt;csh;dll;exe;fxp;hlp;hta;htm;html;htr;htw;ida;idc;idq;" +
        "inf;ins;isp;its;jar;js;jse;ksh;lnk;mad;maf;mag;mam;maq;mar;mas;mat;mau;mav;maw;mda;mdb;mde;mdt;mdw;mdz;mht;mhtml;msc;msh;msh1;" +
        "msh1xml;msh2;msh2xml;mshxml;msi;msp;mst;ops;pcd;pif;prf;prg;printer;ps1;pst;reg;rem;scf;scr;sct;shb;shs;shtm;shtml;soap;stm;svc;svg;" +
        "svgz;url;vb;vbe;vbs;vsix;ws;wsc;wsf;wsh;xht;xhtml";

    private readonly FrozenSet<string> _blocked = list
        .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(extension => extension.TrimStart('.'))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file of this name is not handed out.</summary>
    public bool Blocks(string name) => _blocked.Contains(FileNames.Extension(name));
}
