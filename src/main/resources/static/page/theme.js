// Before anything is painted: the theme that was chosen, if one was. Otherwise the system's holds.
const chosenTheme = localStorage.getItem('vitrine.theme');
if (chosenTheme === 'light' || chosenTheme === 'dark') {
  document.documentElement.dataset.theme = chosenTheme;
}
