// The component library's own start, which Blazor would find by a file beside the program: the pages' files lie in the program.
import './trust.js';
import * as fluent from '../_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js';

fluent.beforeWebStart();
await Blazor.start({ ssr: { disableDomPreservation: true } });
fluent.afterWebStarted(Blazor);
