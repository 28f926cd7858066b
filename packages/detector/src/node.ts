export { type ChildDirectory, type ChildrenListing, readChildren } from './read-children.ts';
export { type FolderLook, lookAtFolder, readFolder } from './read-folder.ts';
export type { SidecarNames } from './read-sidecars.ts';
export { readWriters } from './read-writers.ts';
