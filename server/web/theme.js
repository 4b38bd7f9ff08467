// Light and dark: as the system has it, or as the person chose. Whoever draws with colours of its own hears 'theme' of the document.

const THEMES = { auto: 'Theme: auto', light: 'Theme: light', dark: 'Theme: dark' };
const system = matchMedia('(prefers-color-scheme: dark)');

const tell = () => document.dispatchEvent(new Event('theme'));
system.addEventListener('change', tell);

const setTheme = theme => {
    if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
    else document.documentElement.dataset.theme = theme;
    tell();
};

export const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

// The button that goes through the themes; from then on the page has the one that was chosen.
export const themeButton = () => {
    const names = Object.keys(THEMES), chosen = localStorage.getItem('readout-theme');
    let theme = names.includes(chosen) ? chosen : 'auto';
    setTheme(theme);
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = THEMES[theme];
    button.addEventListener('click', () => {
        theme = names[(names.indexOf(theme) + 1) % names.length];
        localStorage.setItem('readout-theme', theme);
        setTheme(theme);
        button.textContent = THEMES[theme];
    });
    return button;
};
