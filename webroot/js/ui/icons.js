/** Outlines for `icon`, on a field of 16 × 16. */
export const AGAIN = 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7l1.4.5A4 4 0 1 0 8 4v2L4.7 3.2 8 .5z';
export const CLOSE = 'M3.6 2.5L8 6.9l4.4-4.4 1.1 1.1L9.1 8l4.4 4.4-1.1 1.1L8 9.1l-4.4 4.4-1.1-1.1L6.9 8 2.5 3.6z';
export const COPY = 'M5.5 1.5h7a1 1 0 0 1 1 1v8h-1.4V2.9H5.5zM3 4.5h6.5a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1zm.4 1.4v6.7h5.7V5.9z';
export const DOWN = 'M3.5 6l4.5 4.5L12.5 6l1 1L8 12.5 2.5 7z';
export const MICROPHONE = 'M8 1.5a2.3 2.3 0 0 0-2.3 2.3v4a2.3 2.3 0 0 0 4.6 0v-4A2.3 2.3 0 0 0 8 1.5zM3.3 7.3h1.4a3.3 3.3 0 0 0 6.6 0h1.4a4.7 4.7 0 0 1-4 4.65v2.55H7.3v-2.55a4.7 4.7 0 0 1-4-4.65z';
export const MORE = 'M3.5 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zM8 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zM12.5 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z';
export const PEN = 'M11.2 1.8l3 3L5.5 13.5l-3.7.7.7-3.7zm0 2L3.8 11.2l-.3 1.3 1.3-.3 7.4-7.4z';
export const PLAY = 'M4 2.5v11l9-5.5z';
export const SAVE = 'M7.2 1.5h1.6v6.3l2.3-2.3 1.1 1.1L8 10.8 3.8 6.6l1.1-1.1 2.3 2.3zM2.5 12.9h11v1.6h-11z';
export const SEND = 'M8 2.2l5 5-1.1 1.1-3.1-3.1V14H7.2V5.2L4.1 8.3 3 7.2z';
export const STOP = 'M3.5 3.5h9v9h-9z';
